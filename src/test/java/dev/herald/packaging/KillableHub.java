package dev.herald.packaging;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;

import dev.herald.sse.HttpClients;

import static dev.herald.Patience.eventually;

/**
 * Packaged hub on one directory that is killed and restarted. One thread kills and starts it; clients on any thread may
 * get its current address.
 */
final class KillableHub implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 100;

    private final Vertx vertx = Vertx.vertx();
    private final PackagedHub.Builder hub;
    private PackagedHub process;
    private int starts;
    private volatile Address address = new Address(0, HttpClients.create(vertx, new HttpClientOptions()));

    /** @param directory for its events and the output of each start */
    KillableHub(Path directory) throws IOException {
        // Fast to start, since there are many starts.
        hub = PackagedHub.in(directory).openToAll().options(PackagedHub.QUICK_START);
    }

    /** Starts it, and waits until it listens. */
    void start() throws IOException {
        launch();
        URI listening = process.address();
        address = new Address(
                starts,
                HttpClients.create(
                        vertx,
                        new HttpClientOptions()
                                .setDefaultHost(listening.getHost())
                                .setDefaultPort(listening.getPort())
                                .setMaxPoolSize(MAX_CONNECTIONS)));
    }

    /** Starts it, and kills it after a time. */
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

    /** Its address, or its last one after a kill. */
    Address address() {
        return address;
    }

    /** Waits until its address differs from this one, or waiting is no longer needed. */
    void awaitStartAfter(Address there, BooleanSupplier over) {
        eventually().until(() -> over.getAsBoolean() || address.start > there.start);
    }

    /** Output of all its starts. */
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
     * Address after one start.
     *
     * @param client for this address
     */
    record Address(int start, HttpClient client) {}
}
