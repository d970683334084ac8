package dev.herald.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Retention;

/** Append throughput of the log without HTTP: one thread appends, the log's own thread commits. */
final class AppendThroughput {
    private static final Topic TOPIC = new Topic("bench");
    private static final Retention PLENTY = Retention.of(100_000_000, 1L << 40);
    private static final Retention LITTLE = Retention.of(20_000, 1L << 40);
    private static final int BATCH = 100;
    private static final String SINGLE = "one commit an update";

    private final Report report;
    private final Scale scale;
    private final Path directory;
    private double updatesACommit;

    AppendThroughput(Report report, Scale scale, Path directory) {
        this.report = report;
        this.scale = scale;
        this.directory = directory;
    }

    void measure() throws Exception {
        Figure batches = report.figure("updates inside the hub in batches of 100", "a second")
                .atLeast(100_000);
        Figure full = report.figure("the same in a log that drops as many as it takes", "a second");
        Figure forced = report.figure("commits with durability=force", "a second");
        Progress.report("warming up");
        run(Durability.COMMIT, PLENTY, BATCH);
        for (int i = 0; i < scale.repetitions; i++) {
            batches.run(run(Durability.COMMIT, PLENTY, BATCH));
            batches.note("run %d: %s updates a commit", i + 1, Numbers.text(updatesACommit));
            batches.baseline(SINGLE, run(Durability.COMMIT, PLENTY, 1));
            full.run(run(Durability.COMMIT, LITTLE, BATCH));
            full.baseline(SINGLE, run(Durability.COMMIT, LITTLE, 1));
            forced.run(run(Durability.FORCE, PLENTY, 1));
        }
        batches.note(
                "data of %d bytes; the appending thread has a core of its own; the baseline is a log with room for one"
                        + " waiting update",
                LogFiller.DATA_BYTES);
        full.note("%,d events are kept", LITTLE.maxEvents());
    }

    /** Appends to a new log for the time of a run, always one batch ahead of the commits. Returns updates a second. */
    private double run(Durability durability, Retention retention, int batch) throws Exception {
        long number = 0;
        double seconds;
        try (LogFiller log = new LogFiller(Files.createTempDirectory(directory, "log"), durability, retention, batch)) {
            long begin = System.nanoTime();
            CompletableFuture<Event> before = CompletableFuture.completedFuture(null);
            CompletableFuture<Event> last = before;
            while (System.nanoTime() - begin < scale.run.toNanos()) {
                for (int i = 0; i < batch; i++) {
                    last = log.append(TOPIC, 0, number++);
                }
                await(before);
                before = last;
            }
            await(last);
            seconds = (System.nanoTime() - begin) / 1e9;
            updatesACommit = (double) number / log.commits();
            log.verify(number, Math.min(number, retention.maxEvents()));
        }
        return number / seconds;
    }

    /** Busy-waits, since a wake-up takes longer than a commit. */
    private static void await(CompletableFuture<Event> answer) {
        while (!answer.isDone()) {
            Thread.onSpinWait();
        }
        answer.join();
    }
}
