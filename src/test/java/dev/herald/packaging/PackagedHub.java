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

import dev.herald.Rounds;

import static dev.herald.Patience.eventually;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Packaged hub in its own process on a free port, with HTTP requests to it. It stores its events in {@code data} below
 * the test's working directory, unless a setting names another directory. {@link #close()} kills it.
 */
final class PackagedHub implements AutoCloseable {
    private static final Path BUILT = Path.of("target");
    private static final Path APPLICATION = BUILT.resolve("quarkus-app");
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    /** A hub that runs for seconds spends most of its CPU time on compiling well; a later option may replace this one. */
    private static final String FIRST_COMPILER = "-XX:TieredStopAtLevel=1";

    /** The collector of the image, and the quickest to start. */
    private static final String COLLECTOR = "-XX:+UseSerialGC";

    /** Options of a JVM that starts quickly. */
    static final List<String> QUICK_START = List.of(FIRST_COMPILER, COLLECTOR);

    private final Container process;
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile URI address;

    private PackagedHub(Container process) {
        this.process = process;
    }

    /** Skips the test, or the class from a {@code @BeforeAll}, if the build made no JVM application. */
    static void assumeJar() throws IOException {
        if (!Files.readString(BUILT.resolve("quarkus-artifact.properties")).contains("type=jar")) {
            abort("This build made a native binary, and no application for a JVM.");
        }
    }

    /**
     * Builder of a hub that can be started several times.
     *
     * @param directory for the working directory and the output
     */
    static Builder in(Path directory) throws IOException {
        assumeJar();
        return new Builder(directory);
    }

    /** Address that it listens on; waits until it does. */
    URI address() {
        if (address == null) {
            address = process.address();
        }
        return address;
    }

    /** Waits until it reports readiness. */
    PackagedHub awaitReady() {
        eventually().ignoreExceptions().until(() -> get("/q/health/ready").statusCode() == 200);
        return this;
    }

    /** Whether the process runs. */
    boolean isAlive() {
        return process.isAlive();
    }

    /** Process id. */
    long pid() {
        return process.pid();
    }

    /** Output since this start, standard error included. */
    String output() throws IOException {
        return process.output();
    }

    /** Lines at WARN and above, except that the hub is open, which most tests want. */
    List<String> warnings() throws IOException {
        return process.warnings();
    }

    /** Sends SIGTERM and returns at once. */
    void signal() {
        process.signal();
    }

    /**
     * Sends SIGTERM and waits for the end.
     *
     * @return the exit code
     */
    int terminate() throws InterruptedException, IOException {
        return process.terminate(DEADLINE);
    }

    /** Sends SIGKILL after a time, unless it ended before, and waits until the process is gone. */
    void killAfter(Duration time) throws InterruptedException, IOException {
        process.killAfter(time, DEADLINE);
    }

    /**
     * Waits until the process ends by itself.
     *
     * @return the exit code
     */
    int awaitEnd() throws InterruptedException, IOException {
        return process.awaitEnd(DEADLINE);
    }

    /** Response to a GET of a path. */
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(address().resolve(path)));
    }

    /** Response to a POST of a body. */
    HttpResponse<String> post(String path, String contentType, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(address().resolve(path))
                .header("Content-Type", contentType)
                .POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(DEADLINE).build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        process.close();
    }

    /** Builder of a packaged hub. */
    static final class Builder {
        private final Path directory;
        private final List<String> options = new ArrayList<>();
        private final List<String> before = new ArrayList<>();
        private final Map<String, String> environment = new HashMap<>();
        private Path java = JAVA;
        private Path workingDirectory;
        private Path application = APPLICATION;
        private boolean sharedClasses = true;
        private int port;
        private int starts;

        private Builder(Path directory) {
            this.directory = directory;
            this.workingDirectory = directory;
        }

        /** Uses another {@code java} than the tests. */
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

        /** Sets an environment variable, such as {@code HERALD_DRAIN}. */
        Builder setting(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        /** Opens the hub to all, which is not the default in production. */
        Builder openToAll() {
            return setting("HERALD_OPEN", "true");
        }

        /** Limits the number of file descriptors. */
        Builder descriptors(int most) {
            before.addAll(List.of("bash", "-c", "ulimit -n " + most + "; exec \"$@\"", "hub"));
            return this;
        }

        /** Uses another working directory than that of the output. */
        Builder workingDirectory(Path other) {
            workingDirectory = other;
            return this;
        }

        /** Runs a copy of the application in this directory. */
        Builder application(Path copy) {
            application = copy;
            return this;
        }

        /** Loads each class from its jar, without the archive of {@link SharedClasses}. */
        Builder withoutSharedClasses() {
            sharedClasses = false;
            return this;
        }

        /** Uses this port instead of a free one. */
        Builder port(int number) {
            port = number;
            return this;
        }

        /** Starts it; {@link PackagedHub#address()} waits until it listens. */
        PackagedHub start() throws IOException {
            List<String> command = new ArrayList<>(before);
            command.add(java.toString());
            if (!Rounds.isSoak()) {
                command.addAll(quickStart());
            }
            command.addAll(options);
            command.addAll(List.of(
                    // A killed process cleans nothing up.
                    "-Djava.io.tmpdir=" + directory, "-Dquarkus.http.port=" + port, "-jar", jar().toString()));
            starts++;
            return new PackagedHub(
                    Container.start(command, environment, workingDirectory, directory.resolve("output-" + starts)));
        }

        private List<String> quickStart() throws IOException {
            List<String> quick = new ArrayList<>(List.of(FIRST_COMPILER));
            if (options.stream().noneMatch(option -> option.matches("-XX:\\+Use\\w+GC"))) {
                quick.add(COLLECTOR);
            }
            if (sharedClasses && java.equals(JAVA) && application.equals(APPLICATION)) {
                quick.addAll(new SharedClasses(BUILT.resolve("shared-classes"), jar(), java).options());
            }
            return quick;
        }

        private Path jar() {
            return application.resolve("quarkus-run.jar").toAbsolutePath();
        }

        /** Output of all its starts. */
        String output() throws IOException {
            StringBuilder all = new StringBuilder();
            for (int i = 1; i <= starts; i++) {
                all.append(Files.readString(directory.resolve("output-" + i)));
            }
            return all.toString();
        }
    }
}
