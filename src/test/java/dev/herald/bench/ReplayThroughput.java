package dev.herald.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Retention;

/** Replay of a long log over HTTP: all of it, or the few events of one topic. */
final class ReplayThroughput {
    private static final String COMMON = "bench";
    private static final String RARE = "rare";
    private static final int RARE_EVENTS = 100;
    private static final int RARE_REQUESTS = 20;
    private static final int PUBLISHERS = 2;
    private static final int MAX_WAITING = 1_000;

    private final Report report;
    private final Scale scale;
    private final Path directory;
    private final Path results;

    ReplayThroughput(Report report, Scale scale, Path directory, Path results) {
        this.report = report;
        this.scale = scale;
        this.directory = directory.resolve("replay");
        this.results = results;
    }

    void measure() throws Exception {
        fill();
        Figure common = report.figure("replay of one topic, one subscriber", "MB a second")
                .atLeast(100);
        Figure cost = report.figure("CPU an event replayed of one topic", "µs");
        Figure every = report.figure("replay of all topics, one subscriber", "MB a second");
        Figure export = report.figure("export of all topics as lines, one client", "MB a second")
                .atLeast(50);
        Figure rare = report.figure("100 events of a rare topic", "ms").atMost(50);
        Figure resident = report.figure("resident memory while replaying, at most", "MB");
        Figure live = report.figure("live heap after replaying", "MB");
        try (Cores.Pinned cores = Cores.pinThisProcess();
                Server hub = Server.hub(results.resolve("replay.log"), Server.fileLog(directory))) {
            rare.note(
                    "%.1f ms for the first request of all after the start",
                    Replay.all(hub, RARE, RARE_EVENTS, PUBLISHERS).seconds() * 1e3);
            Progress.report("warming up");
            Replay.all(hub, COMMON, scale.events, PUBLISHERS);
            Export.all(hub, "*", scale.events + RARE_EVENTS);
            for (int i = 0; i < scale.repetitions; i++) {
                live.baseline("before", hub.liveHeapBytes() / 1e6);
                try (MemoryWatch memory = new MemoryWatch(hub)) {
                    Replay.first(hub, COMMON, scale.events / 10, PUBLISHERS);
                    resident.baseline("after a tenth of it", memory.highest() / 1e6);
                    long cpuBefore = hub.cpuMicros();
                    common.run(Replay.all(hub, COMMON, scale.events, PUBLISHERS).megabytesASecond());
                    cost.run((double) (hub.cpuMicros() - cpuBefore) / scale.events);
                    resident.run(memory.highest() / 1e6);
                }
                live.run(hub.liveHeapBytes() / 1e6);
                every.run(Replay.all(hub, "*", scale.events + RARE_EVENTS, PUBLISHERS)
                        .megabytesASecond());
                export.run(Export.all(hub, "*", scale.events + RARE_EVENTS).megabytesASecond());
                double alone = select();
                common.baseline("SQLite alone reading the frames", alone);
                every.baseline("SQLite alone reading the frames", alone);
                export.baseline("SQLite alone reading the frames", alone);
                rare.run(rare(hub));
            }
            common.note("%,d events, data of %d bytes; %s", scale.events, LogFiller.DATA_BYTES, cores.note());
        }
    }

    /** Appends the common events, and the rare ones evenly among them. */
    private void fill() {
        Progress.report("filling a log with %,d events", scale.events);
        Retention retention = Retention.of(Long.MAX_VALUE, Long.MAX_VALUE);
        try (LogFiller log = new LogFiller(directory, Durability.COMMIT, retention, MAX_WAITING)) {
            CompletableFuture<Event> last = CompletableFuture.completedFuture(null);
            int apart = scale.events / RARE_EVENTS;
            for (int i = 0; i < scale.events; i++) {
                last = log.append(new Topic(COMMON), 0, i);
                if (i % apart == 0) {
                    last = log.append(new Topic(RARE), 1, i / apart);
                }
            }
            last.join();
        }
    }

    /** Milliseconds until the last rare event arrives; the median of some requests. */
    private static double rare(Server hub) throws IOException {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < RARE_REQUESTS; i++) {
            millis.add(Replay.all(hub, RARE, RARE_EVENTS, PUBLISHERS).seconds() * 1e3);
        }
        return Numbers.median(millis);
    }

    /** Read throughput of the same file without the hub, in MB of frames per second. */
    private double select() throws SQLException {
        long begin = System.nanoTime();
        long bytes = 0;
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("herald.db"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT position, data FROM event ORDER BY position")) {
            while (rows.next()) {
                bytes += rows.getBytes(2).length;
            }
        }
        return bytes / 1e6 / ((System.nanoTime() - begin) / 1e9);
    }
}
