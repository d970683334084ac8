package dev.herald.bench;

import java.nio.file.Path;

/** Publishing throughput over HTTP in batches: publishers post many updates at once, and wait for the response. */
final class BatchThroughput {
    private static final String TOPIC = "bench-batches";
    private static final int PUBLISHERS = 4;
    private static final int BATCH = 1_000;

    private final Report report;
    private final Scale scale;
    private final Path directory;
    private final Path results;

    BatchThroughput(Report report, Scale scale, Path directory, Path results) {
        this.report = report;
        this.scale = scale;
        this.directory = directory;
        this.results = results;
    }

    void measure() throws Exception {
        Figure batches = report.figure("updates over HTTP in batches of 1,000, file log", "a second")
                .atLeast(100_000);
        Figure cost = report.figure("CPU an update over HTTP in batches of 1,000, file log", "µs");
        try (Cores.Pinned cores = Cores.pinThisProcess();
                Server file =
                        Server.hub(results.resolve("batches-file.log"), Server.fileLog(directory.resolve("batches")));
                Server memory = Server.hub(results.resolve("batches-memory.log"), "herald.log.kind=memory");
                Publishers publishers = publishers(file);
                Publishers others = publishers(memory)) {
            Progress.report("warming up");
            publishers.run(PUBLISHERS, Schedule.flatOut(2 * scale.run.toNanos()));
            others.run(PUBLISHERS, Schedule.flatOut(2 * scale.run.toNanos()));
            for (int i = 0; i < scale.repetitions; i++) {
                long cpuBefore = file.cpuMicros();
                long answered = publishers.answered();
                batches.run(BATCH * publishers.run(PUBLISHERS, run()));
                cost.run((double) (file.cpuMicros() - cpuBefore) / BATCH / (publishers.answered() - answered));
                batches.baseline("one publisher", BATCH * publishers.run(1, run()));
                batches.baseline("4 publishers, memory log", BATCH * others.run(PUBLISHERS, run()));
            }
            batches.note("NDJSON; durability=commit; data of %d bytes; %s", LogFiller.DATA_BYTES, cores.note());
            long updates = BATCH * publishers.answered();
            Progress.report("reading back %,d updates", updates);
            Replay.all(file, TOPIC, updates, PUBLISHERS);
        }
    }

    private static Publishers publishers(Server hub) throws InterruptedException {
        Post post = Post.lines(TOPIC, LogFiller.data(Marker.blank()), BATCH);
        return new Publishers(hub.address(), 0, PUBLISHERS, () -> post);
    }

    private Schedule run() {
        return Schedule.flatOut(scale.run.toNanos());
    }
}
