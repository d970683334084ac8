package dev.herald.devmode;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Running {@code ./mvnw quarkus:dev} on a copy of the project, so that files can be changed. Its processes end with
 * {@link #close()} or with the JVM that started them.
 */
final class DevMode implements AutoCloseable {
    /** The first start also fetches artifacts that only dev mode needs. */
    private static final Duration START_DEADLINE = Duration.ofMinutes(5);

    private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(60);
    private static final Duration END_DEADLINE = Duration.ofSeconds(20);

    /** With the classes of this build: what is tested is their reload, and Maven need not compile them again. */
    private static final List<String> PROJECT = List.of("pom.xml", "mvnw", ".mvn", "src/main", "target/classes");

    private static final Pattern STOPPED = Pattern.compile("herald stopped in ([0-9.]+)s");

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER_DEADLINE)
            .build();
    private final Thread endWithThisJvm = new Thread(this::end);
    private final Path project;
    private final URI hub;
    private final Process maven;

    private DevMode(Path project, URI hub, Process maven) {
        this.project = project;
        this.hub = hub;
        this.maven = maven;
        Runtime.getRuntime().addShutdownHook(endWithThisJvm);
    }

    /** Copies the project to the directory, starts it there and returns once it is ready. */
    static DevMode start(Path directory) throws IOException {
        for (String part : PROJECT) {
            copy(Path.of(part), directory.resolve(part));
        }
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(
                "./mvnw",
                "-B",
                "quarkus:dev",
                "-Dspotless.check.skip=true",
                "-Dspotless.apply.skip=true",
                "-Dmaven.main.skip=true",
                "-Dquarkus.http.port=" + port,
                "-Ddebug=false",
                "-Dquarkus.analytics.disabled=true",
                "-Dquarkus.console.enabled=false",
                "-Dquarkus.test.continuous-testing=disabled"));
        // The local repository of this build, if it is not the default.
        Optional.ofNullable(System.getProperty("maven.repo.local"))
                .ifPresent(repository -> command.add("-Dmaven.repo.local=" + repository));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .redirectInput(new File("/dev/null"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        DevMode started = new DevMode(directory, URI.create("http://localhost:" + port), builder.start());
        try {
            started.awaitReady();
        } catch (Throwable failure) {
            started.close();
            throw failure;
        }
        return started;
    }

    /** Address of the hub. */
    URI hub() {
        return hub;
    }

    /** Publishes a message and returns the response. Such a request also makes dev mode check for changes. */
    String publish(String message) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(hub.resolve("/message"))
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString(message)));
    }

    /** Response to a GET of a path. */
    String get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(hub.resolve(path)));
    }

    /** Changes a file of the copied project; fails if there is nothing to change. */
    void edit(String file, UnaryOperator<String> change) throws IOException {
        Path path = project.resolve(file);
        String before = Files.readString(path);
        String after = change.apply(before);
        assertThat(after).isNotEqualTo(before);
        Files.writeString(path, after);
    }

    /** Durations of all stops of the application. */
    List<Duration> stops() throws IOException {
        return STOPPED.matcher(output())
                .results()
                .map(stop -> Duration.parse("PT" + stop.group(1) + "S"))
                .toList();
    }

    /** Output of the processes so far. */
    String output() throws IOException {
        return Files.readString(project.resolve("output"));
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(endWithThisJvm);
    }

    private void awaitReady() {
        Awaitility.await("the hub to be ready")
                .atMost(START_DEADLINE)
                .failFast(() -> assertThat(maven.isAlive()).as(output()).isTrue())
                .ignoreException(ConnectException.class)
                .until(() -> get("/q/health/ready").contains("UP"));
    }

    /** Maven starts the application as a separate process, which would survive if only Maven were killed. */
    private void end() {
        List<ProcessHandle> processes =
                Stream.concat(maven.descendants(), Stream.of(maven.toHandle())).toList();
        processes.forEach(ProcessHandle::destroy);
        CompletableFuture.allOf(processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, END_DEADLINE.toSeconds(), TimeUnit.SECONDS)
                .join();
        processes.forEach(ProcessHandle::destroyForcibly);
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.timeout(ANSWER_DEADLINE).build(), BodyHandlers.ofString())
                .body();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            walk.forEach(path -> copyOne(path, to.resolve(from.relativize(path))));
        }
    }

    private static void copyOne(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
