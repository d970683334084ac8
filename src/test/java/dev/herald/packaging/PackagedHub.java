package dev.herald.packaging;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import static dev.herald.Patience.eventually;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * The packaged hub in a process of its own, on a free port, and what a test asks of it by HTTP. Its working directory is
 * the test's: it keeps its events there, in {@code data}, unless a setting names another place. Killed by {@link #close()}.
 */
final class PackagedHub implements AutoCloseable {
    private static final Path BUILT = Path.of("target");
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Container process;
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile URI address;

    private PackagedHub(Container process) {
        this.process = process;
    }

    /** Skips the test, or the class from a {@code @BeforeAll}, where the build made no application for a JVM. */
    static void assumeJar() throws IOException {
        if (!Files.readString(BUILT.resolve("quarkus-artifact.properties")).contains("type=jar")) {
            abort("This build made a native binary, and no application for a JVM.");
        }
    }

    /**
     * A hub to be started, once or again and again.
     *
     * @param directory where it runs, and where its output goes
     */
    static Builder in(Path directory) throws IOException {
        assumeJar();
        return new Builder(directory);
    }

    /** Where it listens; waits until it does. */
    URI address() {
        if (address == null) {
            address = process.address();
        }
        return address;
    }

    /** Waits until it says that it is ready. */
    PackagedHub awaitReady() {
        eventually().ignoreExceptions().until(() -> get("/q/health/ready").statusCode() == 200);
        return this;
    }

    /** Whether it still runs. */
    boolean isAlive() {
        return process.isAlive();
    }

    /** The number of its process. */
    long pid() {
        return process.pid();
    }

    /** What it has written since this start, standard error included. */
    String output() throws IOException {
        return process.output();
    }

    /**
     * Sends SIGTERM and waits for the end.
     *
     * @return the exit code
     */
    int terminate() throws InterruptedException, IOException {
        return process.terminate(DEADLINE);
    }

    /** Sends SIGKILL after a time, unless it has ended before, and waits until nothing of it is left. */
    void killAfter(Duration time) throws InterruptedException, IOException {
        process.killAfter(time, DEADLINE);
    }

    /**
     * Waits for the end that it comes to by itself.
     *
     * @return the exit code
     */
    int awaitEnd() throws InterruptedException, IOException {
        return process.awaitEnd(DEADLINE);
    }

    /** The answer to a GET of a path. */
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(address().resolve(path)));
    }

    /** The answer to a POST of a body. */
    HttpResponse<String> post(String path, String contentType, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(address().resolve(path))
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(DEADLINE).build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        process.close();
    }

    /** How a hub is started. */
    static final class Builder {
        private final Path directory;
        private final List<String> options = new ArrayList<>();
        private final List<String> before = new ArrayList<>();
        private final Map<String, String> environment = new HashMap<>();
        private Path java = JAVA;
        private Path workingDirectory;
        private int starts;

        private Builder(Path directory) {
            this.directory = directory;
            this.workingDirectory = directory;
        }

        /** By another {@code java} than that of the tests. */
        Builder java(Path executable) {
            java = executable;
            return this;
        }

        /** With more options of the JVM, properties of the hub among them. */
        Builder options(List<String> more) {
            options.addAll(more);
            return this;
        }

        /** With more options of the JVM, properties of the hub among them. */
        Builder options(String... more) {
            return options(List.of(more));
        }

        /** With a variable of the environment, such as {@code HERALD_DRAIN}. */
        Builder setting(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        /** Open to all, which production is not by itself. */
        Builder openToAll() {
            return setting("HERALD_OPEN", "true");
        }

        /** With no more file descriptors than that. */
        Builder descriptors(int most) {
            before.addAll(List.of("bash", "-c", "ulimit -n " + most + "; exec \"$@\"", "hub"));
            return this;
        }

        /** In another working directory than that of its output. */
        Builder workingDirectory(Path other) {
            workingDirectory = other;
            return this;
        }

        /** Starts it; {@link PackagedHub#address()} waits until it listens. */
        PackagedHub start() throws IOException {
            List<String> command = new ArrayList<>(before);
            command.add(java.toString());
            command.addAll(options);
            command.addAll(List.of(
                    // A killed process cleans nothing up.
                    "-Djava.io.tmpdir=" + directory,
                    "-Dquarkus.http.port=0",
                    "-jar",
                    BUILT.resolve("quarkus-app/quarkus-run.jar")
                            .toAbsolutePath()
                            .toString()));
            starts++;
            return new PackagedHub(
                    Container.start(command, environment, workingDirectory, directory.resolve("output-" + starts)));
        }

        /** What it wrote over all its starts. */
        String output() throws IOException {
            StringBuilder all = new StringBuilder();
            for (int i = 1; i <= starts; i++) {
                all.append(Files.readString(directory.resolve("output-" + i)));
            }
            return all.toString();
        }
    }
}
