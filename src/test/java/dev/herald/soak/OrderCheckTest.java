package dev.herald.soak;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OrderCheckTest {
    private static final long A = Attempt.of(1, 1, 0);
    private static final long B = Attempt.of(1, 2, 0);
    private static final long UNCERTAIN = Attempt.of(2, 5, 0);
    private static final long REJECTED = Attempt.of(3, 5, 1);

    private final Faults faults = new Faults(fault -> {});
    private final Ledger ledger = new Ledger();

    OrderCheckTest() {
        ledger.acknowledged(A, "a", 10, 20);
        ledger.acknowledged(B, "b", 30, 40);
        ledger.uncertain(UNCERTAIN, 25);
        ledger.rejected(REJECTED, 15);
    }

    @Test
    void logOfAcknowledgedAttemptsIsNoFault() {
        assertThat(compare(a(), b())).isEmpty();
    }

    @Test
    void uncertainAttemptMayBeInTheLogOnce() {
        assertThat(compare(a(), event(UNCERTAIN, "u"), b())).isEmpty();
    }

    @Test
    void lostAttemptIsReported() {
        assertThat(compare(b())).containsExactly("log: soak-1-1-0; was acknowledged and is not in the log");
    }

    @Test
    void duplicateAttemptIsReported() {
        assertThat(compare(a(), event(UNCERTAIN, "u"), event(UNCERTAIN, "u"), b()))
                .containsExactly("log: soak-2-5-0; is in the log twice");
    }

    @Test
    void attemptAfterOneSentAfterItsResponseIsReported() {
        assertThat(compare(b(), a()))
                .containsExactly("log: soak-1-1-0; stands behind soak-1-2-0; that was sent after its answer");
    }

    @Test
    void uncertainAttemptBeforeOneThatWasAnsweredEarlierIsReported() {
        assertThat(compare(event(UNCERTAIN, "u"), a(), b()))
                .containsExactly("log: soak-1-1-0; stands behind soak-2-5-0; that was sent after its answer");
    }

    @Test
    void rejectedAttemptInTheLogIsReported() {
        assertThat(compare(a(), b(), event(REJECTED, "r")))
                .containsExactly("log: soak-3-5-1; was rejected and is in the log");
    }

    @Test
    void attemptThatWasNotSentIsReported() {
        assertThat(compare(a(), b(), event(Attempt.of(9, 9, 9), "x")))
                .containsExactly("log: soak-9-9-9; is in the log of a round in which it was not sent");
    }

    @Test
    void anotherIdThanAnsweredIsReported() {
        assertThat(compare(event(A, "other"), b()))
                .containsExactly("log: soak-1-1-0; has another id in the log than was answered");
    }

    private List<String> compare(Stored... log) {
        new OrderCheck(faults).compare(ledger.take(), List.of(log));
        return faults.kept();
    }

    private static Stored a() {
        return event(A, "a");
    }

    private static Stored b() {
        return event(B, "b");
    }

    private static Stored event(long attempt, String id) {
        return new Stored(attempt, id.hashCode());
    }
}
