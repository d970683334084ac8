package dev.herald.soak;

import org.junit.jupiter.api.Test;

import static dev.herald.soak.SmallRound.A;
import static dev.herald.soak.SmallRound.B;
import static dev.herald.soak.SmallRound.C;
import static dev.herald.soak.SmallRound.D;
import static dev.herald.soak.SmallRound.LATER;
import static dev.herald.soak.SmallRound.event;
import static dev.herald.soak.SmallRound.gap;
import static dev.herald.soak.SmallRound.latest;
import static dev.herald.soak.SmallRound.live;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of {@link DeliveryCheck} for streams with {@code since}. */
class SinceCheckTest {
    private final SmallRound round = new SmallRound(RoundLog.EVERYTHING);

    @Test
    void latestEventsAndThenTheLiveEventAreNoFault() {
        assertThat(round.compare(event(A), latest(2), event(C), event(D), live()))
                .isEmpty();
    }

    @Test
    void latestEventsThatCameBeforeAreNoFault() {
        assertThat(round.compare(event(A), event(B), event(C), event(D), latest(3), event(B), event(C), event(D)))
                .isEmpty();
    }

    @Test
    void allAreSentIfThereAreFewer() {
        assertThat(round.compare(latest(9), event(A), event(B), event(C), event(D), live()))
                .isEmpty();
    }

    @Test
    void tooFewEventsAreReported() {
        assertThat(round.compare(event(A), latest(2), event(D), live()))
                .containsExactly("s: a stream starts with soak-3-1-0; at place 3 instead of 2 to 2");
    }

    @Test
    void tooManyEventsAreReported() {
        assertThat(round.compare(event(A), latest(2), event(B), event(C), event(D), live()))
                .containsExactly("s: a stream starts with soak-2-7-3; at place 1 instead of 2 to 2");
    }

    @Test
    void missingEventBehindTheFirstIsReported() {
        assertThat(round.compare(latest(3), event(B), event(D), live())).containsExactly("s: missing soak-1-11-0;");
    }

    @Test
    void eventsPublishedMeanwhileMayPrecedeTheFirst() {
        Arrival meanwhile = new Arrival.Latest(1, 25, LATER);

        assertThat(round.compare(event(A), meanwhile, event(C), event(D))).isEmpty();
    }

    @Test
    void liveEventBeforeTheEndOfTheReplayIsReported() {
        assertThat(round.compare(latest(2), event(C), live(), event(D)))
                .containsExactly("s: live at place 3, before the end of its replay at 4");
    }

    @Test
    void liveEventInPlaceOfTheReplayIsReported() {
        assertThat(round.compare(latest(2), live(), event(C), event(D)))
                .containsExactly("s: live at place 2, before the end of its replay at 4");
    }

    @Test
    void eventPublishedMeanwhileMayFollowTheLiveEvent() {
        Arrival early = new Arrival.Live(36, LATER);

        assertThat(round.compare(latest(2), event(C), early, event(D))).isEmpty();
    }

    @Test
    void onlyRetainedEventsAreSent() {
        SmallRound two = new SmallRound(2);

        assertThat(two.compare(event(A), latest(3), event(C), event(D), live())).isEmpty();
    }

    @Test
    void eventsThatExpireMeanwhileAreAReportedHole() {
        SmallRound two = new SmallRound(2);
        Arrival before = new Arrival.Latest(3, 26, 26);

        assertThat(two.compare(event(A), before, gap(), event(C), event(D), live()))
                .isEmpty();
    }
}
