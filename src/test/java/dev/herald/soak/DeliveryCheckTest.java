package dev.herald.soak;

import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static dev.herald.soak.SmallRound.A;
import static dev.herald.soak.SmallRound.B;
import static dev.herald.soak.SmallRound.C;
import static dev.herald.soak.SmallRound.D;
import static dev.herald.soak.SmallRound.LATER;
import static dev.herald.soak.SmallRound.event;
import static dev.herald.soak.SmallRound.gap;
import static org.assertj.core.api.Assertions.assertThat;

class DeliveryCheckTest {
    private final SmallRound round = new SmallRound(RoundLog.EVERYTHING);

    @Test
    void completeDeliveryInOrderIsNoFault() {
        assertThat(compare(A, B, C, D)).isEmpty();
    }

    @Test
    void lostDeliveryIsReported() {
        assertThat(compare(A, C, D)).containsExactly("s: missing soak-2-7-3;");
    }

    @Test
    void lostLastDeliveryIsReported() {
        assertThat(compare(A, B, C)).containsExactly("s: missing soak-3-1-0;");
    }

    @Test
    void duplicateDeliveryIsReported() {
        assertThat(compare(A, B, B, C, D)).containsExactly("s: doubled soak-2-7-3;");
    }

    @Test
    void laterDuplicateDeliveryIsReported() {
        assertThat(compare(A, B, C, A, D)).containsExactly("s: doubled soak-1-10-0;");
    }

    @Test
    void reorderedDeliveryIsReported() {
        assertThat(compare(A, C, B, D)).containsExactly("s: reordered soak-2-7-3;");
    }

    @Test
    void deliveryThatIsNotInTheLogIsReported() {
        assertThat(compare(A, B, Attempt.of(9, 9, 9), C, D)).containsExactly("s: unexpected soak-9-9-9;");
    }

    @Test
    void deliveryWithAnotherIdIsReported() {
        assertThat(round.compare(new Arrival.Event(A, 1, LATER), event(B), event(C), event(D)))
                .containsExactly("s: another id for soak-1-10-0;");
    }

    @Test
    void gapIsReportedWhereNothingExpires() {
        Faults faults = new Faults(fault -> {});

        new DeliveryCheck("s", false, round.view(), new Tally(), faults)
                .compare(List.of(event(A), gap(), event(B), event(C), event(D)));

        assertThat(faults.kept()).containsExactly("s: a gap, though nothing has expired, at place 1 of 4");
    }

    private List<String> compare(long... received) {
        return round.compare(LongStream.of(received).mapToObj(SmallRound::event).toArray(Arrival[]::new));
    }
}
