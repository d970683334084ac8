package dev.herald.packaging;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
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
    private static final int MAX_CONNECTIONS = 100;

    private final Vertx vertx = Vertx.vertx();
    private final PackagedHub.Builder hub;
    private PackagedHub process;
    private int starts;
    private volatile Address address = new Address(0, vertx.createHttpClient());

    /** @param directory where it keeps its events, and its output of each start */
    KillableHub(Path directory) throws IOException {
        // As quick to start as can be: there are many starts.
        hub = PackagedHub.in(directory).openToAll().options("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
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
        process.killAfter(time);
    }

    /** Kills it. */
    void kill() throws IOException, InterruptedException {
        process.killAfter(Duration.ZERO);
    }

    private void launch() throws IOException {
        starts++;
        process = hub.start();
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
        return hub.output();
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
