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
 * The hub and those it is compared with, all running on the server's core and warm, and the load for them; one at a time
 * has anything to do.
 */
final class Field implements AutoCloseable {
    private static final int WARMING_SUBSCRIBERS = 1_000;
    private static final double WARMING_RATE = 200;
    private static final int WARMING_ROUNDS = 8;

    /** Who needs more than this share of what it needed before is warm. */
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

    /** Runs a load until it gets no better: compilers share the core with what they compile. */
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

    /** Those that run, the hub first. */
    List<Contender> contenders() {
        return List.copyOf(servers.keySet());
    }

    /** Those that have a connection for each subscriber. */
    List<Contender> overHttp1() {
        return contenders().stream().filter(contender -> !contender.http2()).toList();
    }

    /** The beginning of a plan. */
    LoadPlan against(Contender contender) {
        LoadPlan plan = LoadPlan.against(servers.get(contender));
        return contender.http2() ? plan.http2() : plan;
    }

    /**
     * Does it, in a load generator that is warm unless its last run failed.
     *
     * @throws AssertionError if anything was lost, doubled or reordered, or somebody was refused
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
