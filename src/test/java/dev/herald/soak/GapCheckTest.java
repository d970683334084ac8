package dev.herald.soak;

import org.junit.jupiter.api.Test;

import static dev.herald.soak.SmallRound.A;
import static dev.herald.soak.SmallRound.B;
import static dev.herald.soak.SmallRound.C;
import static dev.herald.soak.SmallRound.D;
import static dev.herald.soak.SmallRound.event;
import static dev.herald.soak.SmallRound.gap;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of {@link DeliveryCheck} with a log that retains two events. */
class GapCheckTest {
    private final SmallRound round = new SmallRound(2);

    @Test
    void reportedHoleOfExpiredEventsIsNoFault() {
        assertThat(round.compare(event(A), gap(), event(C), event(D))).isEmpty();
    }

    @Test
    void retainedEventInAReportedHoleIsReported() {
        assertThat(round.compare(event(A), gap(), event(D))).containsExactly("s: missing soak-1-11-0;");
    }

    @Test
    void eventThatWasRetainedWhenTheStreamWentOnIsReported() {
        assertThat(round.compare(event(A), gap(), event(C, 35), event(D))).containsExactly("s: missing soak-2-7-3;");
    }

    @Test
    void holeElsewhereThanReportedIsReported() {
        assertThat(round.compare(event(A), event(C), gap(), event(D)))
                .containsExactly(
                        "s: a gap, though its position was retained, at place 3 of 4", "s: missing soak-2-7-3;");
    }

    @Test
    void missingEventBehindAReportedHoleIsReported() {
        assertThat(round.compare(gap(), event(B), event(D))).containsExactly("s: missing soak-1-11-0;");
    }

    @Test
    void gapAfterARetainedEventIsReported() {
        assertThat(round.compare(event(A), event(B), event(C), gap(), event(D)))
                .containsExactly("s: a gap, though its position was retained, at place 3 of 4");
    }

    @Test
    void gapBeforeAnythingHasExpiredIsReported() {
        assertThat(round.compare(event(A), new Arrival.Gap(25), event(B), event(C), event(D)))
                .containsExactly("s: a gap, though its position was retained, at place 1 of 4");
    }

    @Test
    void duplicateDeliveryAfterAGapIsReported() {
        assertThat(round.compare(event(A), event(B), gap(), event(A), event(B), event(C), event(D)))
                .containsExactly("s: doubled soak-1-10-0;", "s: doubled soak-2-7-3;");
    }
}
