package dev.herald.packaging;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;

import static dev.herald.Patience.eventually;

/**
 * The packaged hub on one directory, to be killed and started again. One thread does that; the clients of any thread ask
 * where it is now.
 */
final class KillableHub implements AutoCloseable {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Path JAR =
            Path.of("target", "quarkus-app", "quarkus-run.jar").toAbsolutePath();
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final int MAX_CONNECTIONS = 100;

    private final Vertx vertx = Vertx.vertx();
    private final Path directory;
    private Container process;
    private int starts;
    private volatile Address address = new Address(0, vertx.createHttpClient());

    /** @param directory where it keeps its events, and its output of each start */
    KillableHub(Path directory) {
        this.directory = directory;
    }

    /** Starts it, and waits until it listens. */
    void start() throws IOException {
        launch();
        URI listening = process.address();
        address = new Address(
                starts,
                vertx.createHttpClient(new HttpClientOptions()
                        .setDefaultHost(listening.getHost())
                        .setDefaultPort(listening.getPort())
                        .setMaxPoolSize(MAX_CONNECTIONS)));
    }

    /** Starts it, and kills it after a time, whatever it is doing then. */
    void startAndKillAfter(Duration time) throws IOException, InterruptedException {
        launch();
        process.killAfter(time, DEADLINE);
    }

    /** Kills it. */
    void kill() throws IOException, InterruptedException {
        process.killAfter(Duration.ZERO, DEADLINE);
    }

    private void launch() throws IOException {
        starts++;
        process = Container.start(
                // As quick to start as can be: there are many starts.
                List.of(
                        JAVA.toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        // A killed process cleans nothing up.
                        "-Djava.io.tmpdir=" + directory,
                        "-Dquarkus.http.port=0",
                        "-jar",
                        JAR.toString()),
                Map.of("HERALD_OPEN", "true"),
                directory,
                directory.resolve("output-" + starts));
    }

    /** Where it is, or was before it was killed. */
    Address address() {
        return address;
    }

    /** Waits until it is somewhere else than there, or there is no need to wait any more. */
    void awaitStartAfter(Address there, BooleanSupplier over) {
        eventually().until(() -> over.getAsBoolean() || address.start > there.start);
    }

    /** All that it wrote, over all its starts. */
    String output() throws IOException {
        StringBuilder all = new StringBuilder();
        for (int i = 1; i <= starts; i++) {
            all.append(Files.readString(directory.resolve("output-" + i)));
        }
        return all.toString();
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /**
     * Where it was after one start.
     *
     * @param client leads there
     */
    record Address(int start, HttpClient client) {}
}
