package dev.herald.soak;

import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DeliveryCheckTest {
    private static final long A = Attempt.of(1, 10, 0);
    private static final long B = Attempt.of(2, 7, 3);
    private static final long C = Attempt.of(1, 11, 0);
    private static final long D = Attempt.of(3, 1, 0);

    private final Faults faults = new Faults(fault -> {});

    @Test
    void completeDeliveryInOrderIsNoFault() {
        assertThat(compare(false, A, B, C, D)).isEmpty();
    }

    @Test
    void lostDeliveryIsReported() {
        assertThat(compare(false, A, C, D)).containsExactly("s: missing soak-2-7-3;");
    }

    @Test
    void lostLastDeliveryIsReported() {
        assertThat(compare(false, A, B, C)).containsExactly("s: missing soak-3-1-0;");
    }

    @Test
    void duplicateDeliveryIsReported() {
        assertThat(compare(false, A, B, B, C, D)).containsExactly("s: doubled soak-2-7-3;");
    }

    @Test
    void laterDuplicateDeliveryIsReported() {
        assertThat(compare(false, A, B, C, A, D)).containsExactly("s: doubled soak-1-10-0;");
    }

    @Test
    void reorderedDeliveryIsReported() {
        assertThat(compare(false, A, C, B, D)).containsExactly("s: reordered soak-2-7-3;");
    }

    @Test
    void deliveryThatIsNotInTheLogIsReported() {
        assertThat(compare(false, A, B, Attempt.of(9, 9, 9), C, D)).containsExactly("s: unexpected soak-9-9-9;");
    }

    @Test
    void deliveryWithAnotherIdIsReported() {
        new DeliveryCheck("s", false, List.of(new Stored(A, 1)), faults).compare(List.of(new Stored(A, 2)));

        assertThat(faults.kept()).containsExactly("s: another id for soak-1-10-0;");
    }

    @Test
    void gapIsReportedWhereNothingExpires() {
        assertThat(compare(false, A, Attempt.GAP, B, C, D))
                .containsExactly("s: a gap, though nothing has expired, at place 1 of 4");
    }

    @Test
    void reportedHoleIsNoFaultWhereTheLogKeepsLittle() {
        assertThat(compare(true, A, Attempt.GAP, D)).isEmpty();
    }

    @Test
    void holeElsewhereThanReportedIsReported() {
        assertThat(compare(true, A, C, Attempt.GAP, D)).containsExactly("s: missing soak-2-7-3;");
    }

    @Test
    void duplicateDeliveryAfterAGapIsReported() {
        assertThat(compare(true, A, B, Attempt.GAP, A, B, C, D))
                .containsExactly("s: doubled soak-1-10-0;", "s: doubled soak-2-7-3;");
    }

    private List<String> compare(boolean gapsAllowed, long... received) {
        new DeliveryCheck("s", gapsAllowed, events(A, B, C, D), faults).compare(events(received));
        return faults.kept();
    }

    private static List<Stored> events(long... attempts) {
        return LongStream.of(attempts)
                .mapToObj(attempt -> attempt == Attempt.GAP ? Stored.GAP : new Stored(attempt, Long.hashCode(attempt)))
                .toList();
    }
}
