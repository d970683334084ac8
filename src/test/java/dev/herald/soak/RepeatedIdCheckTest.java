package dev.herald.soak;

import org.junit.jupiter.api.Test;

import static dev.herald.soak.SmallRound.A;
import static dev.herald.soak.SmallRound.B;
import static dev.herald.soak.SmallRound.C;
import static dev.herald.soak.SmallRound.D;
import static dev.herald.soak.SmallRound.LATER;
import static dev.herald.soak.SmallRound.event;
import static dev.herald.soak.SmallRound.gap;
import static dev.herald.soak.SmallRound.resumed;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of {@link DeliveryCheck} for streams that resume after the id of B and C. */
class RepeatedIdCheckTest {
    private final SmallRound round = new SmallRound(RoundLog.EVERYTHING);

    @Test
    void startAfterTheEarliestIsNoFault() {
        assertThat(round.compare(event(A), event(B), event(C), resumed(), event(C), event(D)))
                .isEmpty();
    }

    @Test
    void startAfterTheLatestIsReported() {
        assertThat(round.compare(event(A), event(B), event(C), resumed(), event(D)))
                .containsExactly("s: a stream starts with soak-3-1-0; at place 3 instead of 2 to 2");
    }

    @Test
    void startBeforeTheEarliestIsReported() {
        assertThat(round.compare(event(A), event(B), event(C), resumed(), event(B), event(C), event(D)))
                .containsExactly("s: a stream starts with soak-2-7-3; at place 1 instead of 2 to 2");
    }

    @Test
    void eventMissingFromARepeatedReplayIsReported() {
        assertThat(round.compare(event(A), event(B), event(C), event(D), resumed(), event(C)))
                .containsExactly("s: missing soak-3-1-0;");
    }

    @Test
    void eventRepeatedTwiceIsReported() {
        assertThat(round.compare(event(A), event(B), event(C), resumed(), event(C), event(C), event(D)))
                .containsExactly("s: doubled soak-1-11-0;");
    }

    @Test
    void streamStartsAfterTheEarliestThatTheSubscriberMayRead() {
        round.without(B);

        assertThat(round.compare(event(A), event(C), resumed(), event(D))).isEmpty();
    }

    @Test
    void streamStartsAfterTheEarliestThatIsLeft() {
        SmallRound few = new SmallRound(2);

        assertThat(few.compare(event(A), event(B), event(C), resumed(), event(D)))
                .isEmpty();
    }

    @Test
    void streamContinuesAfterTheLaterEventWithItsIdIfTheEarlierIsRemoved() {
        SmallRound few = new SmallRound(2);

        assertThat(few.compare(event(A), event(B), resumed(), event(D))).isEmpty();
    }

    @Test
    void holeWithoutAGapIsReportedWhereTheIdHasExpired() {
        SmallRound one = new SmallRound(1);

        assertThat(one.compare(event(A), event(B), resumed(), event(D))).containsExactly("s: missing soak-1-11-0;");
    }

    @Test
    void gapIsReportedWhereTheIdIsLeft() {
        SmallRound three = new SmallRound(3);

        assertThat(three.compare(event(A), event(B), resumed(), gap(), event(C), event(D)))
                .containsExactly("s: a gap, though its position was retained, at place 2 of 4");
    }

    @Test
    void startIsUncertainWhileTheEarliestMayExpire() {
        SmallRound two = new SmallRound(2);
        Arrival meanwhile = new Arrival.Resumed(resumed().idHash(), 36, LATER);

        assertThat(two.compare(event(A), event(B), event(C), meanwhile, event(C), event(D)))
                .isEmpty();
    }
}
