package dev.herald.log;

import org.junit.jupiter.api.Test;

import dev.herald.MovingClock;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of logs that bound the idempotency keys of one publisher (PROTOCOL Q15): those of one node. */
public abstract class KeyQuotaContract extends UpdateBatchContract {
    /** PROTOCOL Q15: a publisher with many keys must not make the updates of the others fail. */
    @Test
    void publisherTakesAtMostThreeQuartersOfTheKeys() {
        MovingClock clock = new MovingClock();
        try (EventLog log = create(PLENTY.with(new Retention.Keys(LIFETIME, 80)), clock)) {
            assertThat(rejected(log, "greedy", 0, 200)).isEqualTo(140);
            assertThat(rejected(log, "greedy", 200, 1))
                    .as("in a later transaction")
                    .isEqualTo(1);

            assertThat(rejected(log, "modest", 0, 10)).isZero();
            assertThat(rejected(log, "other", 0, 7)).isZero();
            assertThat(done(log.append(of("greedy", 0))).repeated())
                    .as("a kept key")
                    .isTrue();
            assertThat(log.stats().keys()).isEqualTo(new LogStats.Keys(77, 80));
        }
    }

    @Test
    void publisherHasRoomAgainOnceItsKeysHaveExpired() {
        MovingClock clock = new MovingClock();
        try (EventLog log = create(PLENTY.with(new Retention.Keys(LIFETIME, 80)), clock)) {
            for (int round = 0; round < 3; round++) {
                assertThat(rejected(log, "greedy", 1_000 * round, 100))
                        .as("round %d", round)
                        .isEqualTo(40);
                clock.advance(LIFETIME.plusSeconds(1));
                eventually().until(() -> log.stats().keys().count() == 0);
            }
        }
    }
}
