package dev.herald.bench;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Benchmark of compressing each frame once, as a block that is valid in every stream (decision 062). */
class CompressionBench {
    private static final Path RESULTS = Path.of("target", "bench");
    private static final Scale SCALE = Scale.current();
    private static final Report REPORT =
            new Report("Compression", "./mvnw -Pbench verify -Dit.test=CompressionBench", SCALE);

    @Test
    void bytesAndTimeOfCompression() {
        for (int bytes : new int[] {200, 2_000, 20_000}) {
            new CompressionCost(REPORT, SCALE, bytes).measure();
        }
    }

    @AfterAll
    static void report() throws IOException {
        REPORT.write(RESULTS, "compression");
    }
}
