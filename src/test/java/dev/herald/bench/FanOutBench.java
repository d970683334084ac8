package dev.herald.bench;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Benchmark of fan-out, compared with a minimal event loop, a naive server, and Nchan. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FanOutBench {
    private static final Path RESULTS = Path.of("target", "bench");
    private static final Scale SCALE = Scale.current();
    private static final Report REPORT = new Report("Fan-out", "./mvnw -Pbench verify -Dit.test=FanOutBench", SCALE);

    @TempDir
    private static Path directory;

    private static Testbed testbed;

    @BeforeAll
    static void start() throws IOException {
        testbed = Testbed.start(directory, RESULTS, SCALE.run);
    }

    @Test
    @Order(1)
    void costOfADelivery() throws Exception {
        new DeliveryCost(REPORT, SCALE, testbed).measure();
    }

    @Test
    @Order(2)
    void throughputWhenSaturated() throws Exception {
        new SaturationThroughput(REPORT, SCALE, testbed).measure();
    }

    @Test
    @Order(3)
    void latencyDuringDisturbances() throws Exception {
        new DisturbanceLatency(REPORT, SCALE, testbed).measure();
    }

    @Test
    @Order(4)
    void memoryOfIdleStreams() throws Exception {
        new IdleStreamMemory(REPORT, SCALE, directory, RESULTS).measure();
    }

    @Test
    @Order(5)
    void startupTime() throws Exception {
        new StartTime(REPORT, SCALE, directory, RESULTS).measure();
    }

    @Test
    @Order(6)
    void chartOfLatencyAgainstLoad() throws Exception {
        new LatencyByRate(SCALE, testbed, RESULTS).measure();
    }

    @AfterAll
    static void report() throws IOException {
        if (testbed != null) {
            testbed.close();
        }
        REPORT.write(RESULTS, "fan-out");
    }
}
