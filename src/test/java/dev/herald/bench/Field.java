package dev.herald.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The hub and those it is compared with, all running on the server's core and warm, and the load for them; one at a time
 * has anything to do.
 */
final class Field implements AutoCloseable {
    private static final int WARMING_SUBSCRIBERS = 200;
    private static final int WARMING_PUBLISHERS = 16;

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
                Progress.tell("warming up: %s", contender.label);
                field.run(field.against(contender)
                        .subscribers(WARMING_SUBSCRIBERS)
                        .publishers(WARMING_PUBLISHERS)
                        .measured(warming.multipliedBy(2)));
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
