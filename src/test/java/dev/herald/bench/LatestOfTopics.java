package dev.herald.bench;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Retention;

/** Time to find and to read the newest event of each of many topics (PROTOCOL Q18), without HTTP. */
final class LatestOfTopics {
    private static final int EVENTS_A_TOPIC = 100;
    private static final int MAX_WAITING = 1_000;

    /** A prime, so that the topics are not appended in their own order. */
    private static final long STRIDE = 7_919;

    private final Report report;
    private final Scale scale;
    private final Path directory;

    LatestOfTopics(Report report, Scale scale, Path directory) {
        this.report = report;
        this.scale = scale;
        this.directory = directory.resolve("latest");
    }

    void measure() {
        int topics = scale.events / EVENTS_A_TOPIC;
        Progress.report("filling a log with %,d events of %,d topics", scale.events, topics);
        Retention retention = Retention.of(Long.MAX_VALUE, Long.MAX_VALUE);
        try (LogFiller log = new LogFiller(directory, Durability.COMMIT, retention, MAX_WAITING)) {
            CompletableFuture<Event> last = CompletableFuture.completedFuture(null);
            for (int i = 0; i < scale.events; i++) {
                last = log.append(new Topic("topic/" + STRIDE * i % topics), 0, i);
            }
            last.join();
            Figure found = report.figure("newest events of 10,000 topics, search", "ms")
                    .atMost(500);
            Figure read = report.figure("the same, search and reading", "ms").atMost(1_000);
            for (int i = 0; i < scale.repetitions; i++) {
                found.run(log.searchMillis(topics));
                read.run(log.latestMillis(topics));
                read.baseline("reading the whole log", log.readMillis());
            }
            found.note("%,d topics among %,d events, data of %d bytes", topics, scale.events, LogFiller.DATA_BYTES);
        }
    }
}
