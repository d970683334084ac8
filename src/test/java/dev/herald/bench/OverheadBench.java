package dev.herald.bench;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Benchmark of what watches and bounds the hub: the histogram of delivery times, tracing, and limits of clients. */
class OverheadBench {
    private static final Path RESULTS = Path.of("target", "bench");
    private static final Scale SCALE = Scale.current();
    private static final Report REPORT = new Report("Overhead", "./mvnw -Pbench verify -Dit.test=OverheadBench", SCALE);

    @TempDir
    private static Path directory;

    @Test
    void cpuWithAndWithout() throws Exception {
        new Overhead(REPORT, SCALE, directory, RESULTS).measure();
    }

    @AfterAll
    static void report() throws IOException {
        REPORT.write(RESULTS, "overhead");
    }
}
