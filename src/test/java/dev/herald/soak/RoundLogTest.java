package dev.herald.soak;

import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static dev.herald.soak.SmallRound.A;
import static dev.herald.soak.SmallRound.B;
import static dev.herald.soak.SmallRound.C;
import static org.assertj.core.api.Assertions.assertThat;

class RoundLogTest {
    private static final Stored EARLIER = new Stored(Attempt.of(4, 1, 0), 4);

    private final Ledger ledger = new Ledger();

    @Test
    void lengthIsBoundedByWhatWasSentAndAcknowledged() {
        RoundLog log = new SmallRound(RoundLog.EVERYTHING).log();

        assertThat(log.lengthAtMost(9)).isZero();
        assertThat(log.lengthAtMost(20)).isEqualTo(2);
        assertThat(log.lengthAtLeast(24)).isEqualTo(1);
        assertThat(log.lengthAtLeast(25)).isEqualTo(2);
    }

    @Test
    void boundsFollowTheOrderOfTheLog() {
        ledger.acknowledged(A, "a", 10, 90);
        ledger.acknowledged(B, "b", 50, 60);
        ledger.uncertain(C, 30);
        RoundLog log = round(A, B, C);

        assertThat(log.lengthAtMost(40)).isEqualTo(1);
        assertThat(log.lengthAtMost(50)).isEqualTo(3);
        assertThat(log.lengthAtLeast(60)).isEqualTo(2);
        assertThat(log.lengthAtLeast(Ledger.NEVER - 1)).isEqualTo(2);
    }

    @Test
    void eventsOfEarlierRoundsAreInTheLogFromTheStart() {
        RoundLog log = new RoundLog(List.of(EARLIER), List.of(), ledger.take(), 1);

        assertThat(log.lengthAtLeast(Long.MIN_VALUE)).isEqualTo(1);
        assertThat(log.begin()).isEqualTo(1);
        assertThat(log.newest()).containsExactly(EARLIER);
    }

    @Test
    void horizonIsBoundedByRetention() {
        RoundLog log = new SmallRound(3).log();

        assertThat(log.horizonAtMost(39)).isZero();
        assertThat(log.horizonAtMost(40)).isEqualTo(1);
        assertThat(log.horizonAtLeast(44)).isZero();
        assertThat(log.horizonAtLeast(45)).isEqualTo(1);
    }

    @Test
    void repeatedIdsAreCounted() {
        assertThat(new SmallRound(3).log().repeatedIds()).isEqualTo(1);
    }

    private RoundLog round(long... attempts) {
        List<Stored> round = LongStream.of(attempts)
                .mapToObj(attempt -> new Stored(attempt, 0))
                .toList();
        return new RoundLog(List.of(), round, ledger.take(), RoundLog.EVERYTHING);
    }
}
