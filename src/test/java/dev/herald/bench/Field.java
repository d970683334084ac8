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
final class Field implements AutoCloseable {
    private static final int WARMING_SUBSCRIBERS = 1_000;
    private static final double WARMING_RATE = 200;
    private static final int WARMING_ROUNDS = 8;

    /** A server is warm if it needs more than this share of its previous time. */
    private static final double WARM = 0.93;

    private final Map<Contender, Server> servers = new EnumMap<>(Contender.class);
    private Load load;

    private Field() {}

    static Field start(Path directory, Path results, Duration warming) throws IOException {
        Field field = new Field();
        try {
            for (Contender contender : Contender.values()) {
                field.admit(contender, directory, results);
            }
            for (Contender contender : field.contenders()) {
                field.warm(contender, warming);
            }
            return field;
        } catch (IOException | RuntimeException | AssertionError e) {
            field.close();
            throw e;
        }
    }

    private void admit(Contender contender, Path directory, Path results) throws IOException {
        if (contender == Contender.HERALD_HTTP2) {
            servers.put(contender, servers.get(Contender.HERALD));
            return;
        }
        Optional<Server> started = contender.start(directory, results);
        started.ifPresentOrElse(
                server -> servers.put(contender, server),
                () -> Progress.tell("NOT COMPARED with %s: it is not installed", contender.label));
    }

    private void warm(Contender contender, Duration round) throws IOException {
        warm(contender.label, () -> against(contender)
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
            Progress.tell("warming up %s: %s µs a delivery", what, Numbers.text(now));
        } while (now < before * WARM && ++rounds < WARMING_ROUNDS);
    }

    /** Running servers, the hub first. */
    List<Contender> contenders() {
        return List.copyOf(servers.keySet());
    }

    /** Running servers with one connection per subscriber. */
    List<Contender> overHttp1() {
        return contenders().stream().filter(contender -> !contender.http2()).toList();
    }

    /** New plan against a server. */
    LoadPlan against(Contender contender) {
        LoadPlan plan = LoadPlan.against(servers.get(contender));
        return contender.http2() ? plan.http2() : plan;
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
