package dev.herald.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Memory of idle subscribers' connections. Uses new servers, since memory is rarely returned. */
final class IdleStreamMemory {
    /**
     * Time of warm-up with messages, so that a JVM has compiled its code and used its memory for short-lived objects.
     */
    private static final Duration USE = Duration.ofSeconds(1);

    private final Report report;
    private final Scale scale;
    private final Path directory;
    private final Path results;
    private final Chart chart = new Chart("Memory against connections", "idle connections", "resident, MB", true);

    IdleStreamMemory(Report report, Scale scale, Path directory, Path results) {
        this.report = report;
        this.scale = scale;
        this.directory = directory;
        this.results = results;
    }

    void measure() throws Exception {
        int many = scale.subscribers;
        Figure resident = report.figure(String.format("resident memory a connection, %,d idle", many), "KiB")
                .atMost(5);
        Figure live = report.figure(String.format("live heap a connection, %,d idle", many), "KiB")
                .atMost(2);
        for (ServerKind kind : ServerKind.values()) {
            // Baselines vary little, and opening takes time.
            int repetitions = kind == ServerKind.HERALD ? scale.repetitions : 1;
            for (int i = 0; i < repetitions; i++) {
                Optional<Server> started = kind.start(directory, results);
                if (started.isPresent()) {
                    try (Server server = started.get();
                            Load load = Load.start()) {
                        hold(kind, server, load, resident, live);
                    }
                }
            }
        }
        resident.note("from %,d connections to %,d, each time after a full collection", many / 4, many);
        chart.write(results.resolve("memory.svg"));
    }

    /** Takes the memory at some numbers of connections; what one costs is the slope, without what the first ones load. */
    private void hold(ServerKind kind, Server server, Load load, Figure resident, Figure live) throws IOException {
        int many = scale.subscribers;
        load.run(LoadPlan.against(server).subscribers(many / 4).publishers(16).measured(USE));
        int open = 0;
        long firstResident = 0;
        long firstLive = 0;
        for (int connections : List.of(many / 4, many / 2, many)) {
            LoadPlan plan = LoadPlan.against(server).subscribers(connections - open);
            load.open(kind.http2() ? plan.http2() : plan);
            open = connections;
            long liveNow = kind.jvm() ? server.liveHeapBytes() : 0;
            long residentNow = server.residentBytes();
            chart.point(kind.label, connections, residentNow / 1e6);
            if (firstResident == 0) {
                firstResident = residentNow;
                firstLive = liveNow;
            } else if (connections == many) {
                resident.add(kind, (residentNow - firstResident) / 1024.0 / (many - many / 4));
                if (kind.jvm()) {
                    live.add(kind, (liveNow - firstLive) / 1024.0 / (many - many / 4));
                }
            }
        }
    }
}
