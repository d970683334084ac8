package dev.herald.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The running, warmed-up hub and the servers it is compared with, on the server's core, with their load generator. Only
 * one server is under load at a time.
 */
final class Testbed implements AutoCloseable {
    private static final int WARMING_SUBSCRIBERS = 1_000;
    private static final double WARMING_RATE = 200;
    private static final int WARMING_ROUNDS = 8;

    /** A server is warm if it needs more than this share of its previous time. */
    private static final double WARM = 0.93;

    private final Map<ServerKind, Server> servers = new EnumMap<>(ServerKind.class);
    private Load load;

    private Testbed() {}

    static Testbed start(Path directory, Path results, Duration warming) throws IOException {
        Testbed testbed = new Testbed();
        try {
            for (ServerKind kind : ServerKind.values()) {
                testbed.admit(kind, directory, results);
            }
            for (ServerKind kind : testbed.kinds()) {
                testbed.warm(kind, warming);
            }
            return testbed;
        } catch (IOException | RuntimeException | AssertionError e) {
            testbed.close();
            throw e;
        }
    }

    private void admit(ServerKind kind, Path directory, Path results) throws IOException {
        if (kind == ServerKind.HERALD_HTTP2) {
            servers.put(kind, servers.get(ServerKind.HERALD));
            return;
        }
        Optional<Server> started = kind.start(directory, results);
        started.ifPresentOrElse(
                server -> servers.put(kind, server),
                () -> Progress.report("NOT COMPARED with %s: it is not installed", kind.label));
    }

    private void warm(ServerKind kind, Duration round) throws IOException {
        warm(kind.label, () -> against(kind)
                .subscribers(WARMING_SUBSCRIBERS)
                .rate(WARMING_RATE)
                .measured(round));
    }

    /** Repeats a load until it no longer improves: JIT compilers share the server's core. */
    void warm(String what, Supplier<LoadPlan> plan) throws IOException {
        double now = Double.MAX_VALUE;
        double before;
        int rounds = 0;
        do {
            before = now;
            now = run(plan.get()).microsADelivery();
            Progress.report("warming up %s: %s µs a delivery", what, Numbers.text(now));
        } while (now < before * WARM && ++rounds < WARMING_ROUNDS);
    }

    /** Running servers, the hub first. */
    List<ServerKind> kinds() {
        return List.copyOf(servers.keySet());
    }

    /** Running servers with one connection per subscriber. */
    List<ServerKind> overHttp1() {
        return kinds().stream().filter(kind -> !kind.http2()).toList();
    }

    /** New plan against a server. */
    LoadPlan against(ServerKind kind) {
        LoadPlan plan = LoadPlan.against(servers.get(kind));
        return kind.http2() ? plan.http2() : plan;
    }

    /**
     * Runs the plan in a load generator that is warm unless its last run failed.
     *
     * @throws AssertionError if a message was lost, duplicated or reordered, or a subscriber was rejected
     */
    LoadResult run(LoadPlan plan) throws IOException {
        if (load == null || !load.alive()) {
            load = Load.start();
        }
        return load.run(plan);
    }

    @Override
    public void close() {
        if (load != null) {
            load.close();
        }
        servers.values().forEach(Server::close);
    }
}
