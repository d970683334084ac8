package dev.herald.bench;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What it costs those who listen that others ask who listens, and that many come and go. */
class PresenceBench {
    private static final Path RESULTS = Path.of("target", "bench");
    private static final Scale SCALE = Scale.current();
    private static final Report REPORT =
            new Report("Active subscriptions", "./mvnw -Pbench verify -Dit.test=PresenceBench", SCALE);

    @Test
    void disturbsNobody() throws Exception {
        new Crowding(REPORT, SCALE, RESULTS).measure();
    }

    @AfterAll
    static void report() throws IOException {
        REPORT.write(RESULTS, "presence");
    }
}
