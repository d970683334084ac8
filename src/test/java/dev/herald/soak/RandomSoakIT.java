package dev.herald.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

/**
 * Soak test of the packaged hub with many kinds of publishers and subscribers for an hour, with random disconnects and
 * kills. Every acknowledged update reaches exactly the authorized subscribers, once and in one order. {@code
 * -Dsoak.minutes} sets the time, {@code -Dsoak.seed} repeats the choices of a run, but not its timing.
 */
class RandomSoakIT {
    private static final Duration TIME = Duration.ofMinutes(Long.getLong("soak.minutes", 60));
    private static final long SEED = Long.getLong("soak.seed", System.nanoTime());

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path temporary;

    @BeforeEach
    void needsAJar() throws IOException {
        if (!Files.readString(Path.of("target/quarkus-artifact.properties")).contains("type=jar")) {
            abort("This build made a native binary, and no application for a JVM.");
        }
    }

    @Test
    void everyUpdateArrivesOnceAndInOrderWithUnlimitedRetention() throws Exception {
        soak(true, TIME.multipliedBy(3).dividedBy(4));
    }

    @Test
    void everyHoleIsReportedWithLimitedRetention() throws Exception {
        soak(false, TIME.dividedBy(4));
    }

    private void soak(boolean keepsEverything, Duration time) throws Exception {
        System.out.printf(
                "soak seed=%d keepsEverything=%s time=%s directory=%s%n", SEED, keepsEverything, time, temporary);
        try (Soak soak = new Soak(SEED, keepsEverything, temporary)) {
            soak.run(time);
            soak.end();

            assertThat(soak.failure()).as("seed=%d", SEED).isEmpty();
            assertThat(soak.acknowledged()).isPositive();
        }
    }
}
