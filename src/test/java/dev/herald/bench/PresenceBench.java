package dev.herald.bench;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Benchmark of the latency of subscribers during requests to the subscription API and many short-lived streams. */
class PresenceBench {
    private static final Path RESULTS = Path.of("target", "bench");
    private static final Scale SCALE = Scale.current();
    private static final Report REPORT =
            new Report("Active subscriptions", "./mvnw -Pbench verify -Dit.test=PresenceBench", SCALE);

    @Test
    void latencyDuringPresenceChanges() throws Exception {
        new PresenceLatency(REPORT, SCALE, RESULTS).measure();
    }

    @AfterAll
    static void report() throws IOException {
        REPORT.write(RESULTS, "presence");
    }
}
