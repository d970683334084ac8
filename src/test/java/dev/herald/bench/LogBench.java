package dev.herald.bench;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Benchmark of appending to, searching and reading the file log. */
class LogBench {
    private static final Path RESULTS = Path.of("target", "bench");
    private static final Scale SCALE = Scale.current();
    private static final Report REPORT = new Report("The file log", "./mvnw -Pbench verify -Dit.test=LogBench", SCALE);

    @TempDir
    private Path directory;

    @Test
    void appendThroughputInsideTheHub() throws Exception {
        new AppendThroughput(REPORT, SCALE, directory).measure();
    }

    @Test
    void postThroughput() throws Exception {
        new PublishThroughput(REPORT, SCALE, directory, RESULTS).measure();
    }

    @Test
    void batchThroughput() throws Exception {
        new BatchThroughput(REPORT, SCALE, directory, RESULTS).measure();
    }

    @Test
    void replayThroughput() throws Exception {
        new ReplayThroughput(REPORT, SCALE, directory, RESULTS).measure();
    }

    @Test
    void latestOfTopics() {
        new LatestOfTopics(REPORT, SCALE, directory).measure();
    }

    @AfterAll
    static void report() throws IOException {
        REPORT.write(RESULTS, "log");
    }
}
