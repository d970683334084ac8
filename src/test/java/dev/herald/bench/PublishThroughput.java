package dev.herald.bench;

import java.nio.file.Path;

/** Publishing throughput over HTTP: publishers keep their connections, post, and wait for the response. */
final class PublishThroughput {
    private static final String TOPIC = "bench";
    private static final int PUBLISHERS = 64;

    private final Report report;
    private final Scale scale;
    private final Path directory;
    private final Path results;

    PublishThroughput(Report report, Scale scale, Path directory, Path results) {
        this.report = report;
        this.scale = scale;
        this.directory = directory;
        this.results = results;
    }

    void measure() throws Exception {
        Figure posts =
                report.figure("POSTs of 64 publishers, file log", "a second").atLeast(10_000);
        try (Cores.Pinned cores = Cores.pinThisProcess();
                Server file =
                        Server.hub(results.resolve("posts-file.log"), Server.fileLog(directory.resolve("posts")));
                Server memory = Server.hub(results.resolve("posts-memory.log"), "herald.log.kind=memory");
                Publishers publishers = publishers(file);
                Publishers others = publishers(memory)) {
            Progress.report("warming up");
            publishers.run(PUBLISHERS, Schedule.flatOut(2 * scale.run.toNanos()));
            others.run(PUBLISHERS, Schedule.flatOut(2 * scale.run.toNanos()));
            for (int i = 0; i < scale.repetitions; i++) {
                posts.run(publishers.run(PUBLISHERS, run()));
                posts.baseline("one publisher, so that each update is a commit", publishers.run(1, run()));
                posts.baseline("64 publishers, memory log", others.run(PUBLISHERS, run()));
            }
            posts.note("durability=commit; data of %d bytes; %s", LogFiller.DATA_BYTES, cores.note());
            Progress.report("reading back %,d updates", publishers.answered());
            Replay.all(file, TOPIC, publishers.answered(), PUBLISHERS);
        }
    }

    private static Publishers publishers(Server hub) throws InterruptedException {
        Post post = Post.of("/message?topic=" + TOPIC, LogFiller.data(Marker.blank()));
        return new Publishers(hub.address(), 0, PUBLISHERS, () -> post);
    }

    private Schedule run() {
        return Schedule.flatOut(scale.run.toNanos());
    }
}
