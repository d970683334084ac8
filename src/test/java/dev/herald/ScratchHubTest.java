package dev.herald;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;

import dev.herald.hub.DefaultConfig;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests that the self-check at the start passes when the log's thread is scheduled late. */
class ScratchHubTest {
    private static final long SLOWNESS_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    @Test
    void selfCheckPassesWhenTheLogIsSlow() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (ScratchHub scratch = new ScratchHub(DefaultConfig.sse(), new SlowClock())) {

            scratch.run(vertx);

            assertThat(scratch.hub().subscribers()).isZero();
        } finally {
            Patience.done(vertx.close().toCompletionStage());
        }
    }

    /** Clock that delays its caller, which is the log's thread. */
    private static final class SlowClock extends UtcClock {
        @Override
        public Instant instant() {
            LockSupport.parkNanos(SLOWNESS_NANOS);
            return Instant.now();
        }
    }
}
