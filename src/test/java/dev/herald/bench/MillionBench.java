package dev.herald.bench;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Benchmark of a million streams, or as many as fit into memory, and one message to all of them. */
class MillionBench {
    private static final Path RESULTS = Path.of("target", "bench");
    private static final Scale SCALE = Scale.current();
    private static final Report REPORT =
            new Report("A million streams", "./mvnw -Pbench verify -Dit.test=MillionBench", SCALE);

    @Test
    void deliveryToEachStream() throws Exception {
        new StreamCapacity(REPORT, SCALE, RESULTS).measure();
    }

    @AfterAll
    static void report() throws IOException {
        REPORT.write(RESULTS, "million");
    }
}
