package dev.herald.memory;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of invariant 5: which of the bodies that arrive slowly are rejected, and when. */
class SlowInputsTest {
    private final MemoryBudget budget = new MemoryBudget(1_000);
    private final SlowInputs bodies = new SlowInputs();
    private final List<String> rejected = new ArrayList<>();

    private SlowInputs.Entry slow(String name, long bytes) {
        budget.reserve(bytes);
        SlowInputs.Entry entry = bodies.add(budget, bytes, () -> rejected.add(name));
        bodies.relieve();
        return entry;
    }

    private void release(SlowInputs.Entry entry, long bytes) {
        budget.release(bytes);
        entry.end();
    }

    @Test
    void slowBodiesMayHoldWhatNobodyNeeds() {
        for (int i = 0; i < 7; i++) {
            slow("body " + i, 100);
        }

        assertThat(rejected).isEmpty();
    }

    @Test
    void largestIsRejectedBeforeTheLastQuarterIsTaken() {
        slow("small", 10);
        slow("large", 400);
        slow("larger", 300);

        budget.reserve(100);
        bodies.relieve();

        assertThat(rejected).containsExactly("large");
    }

    @Test
    void bodyThatIsBeingReleasedCountsAsReleased() {
        SlowInputs.Entry large = slow("large", 300);
        SlowInputs.Entry another = slow("another", 290);
        slow("third", 190);
        assertThat(rejected).containsExactly("large");

        bodies.relieve();
        another.resize(291);
        bodies.relieve();

        assertThat(rejected).containsExactly("large");
        release(large, 300);
        budget.reserve(300);
        bodies.relieve();
        assertThat(rejected).containsExactly("large", "another");
    }

    @Test
    void slowBodiesKeepAQuarter() {
        slow("first", 100);
        slow("second", 150);
        budget.reserve(750);
        bodies.relieve();

        assertThat(rejected).isEmpty();
    }

    @Test
    void endedBodyIsNotRejected() {
        SlowInputs.Entry ended = slow("ended", 500);
        release(ended, 500);
        ended.resize(600);
        slow("alone", 800);

        assertThat(rejected).isEmpty();
        budget.reserve(1);
        bodies.relieve();
        assertThat(rejected).containsExactly("alone");
    }

    /** Otherwise no body of this size could ever arrive slowly on a small heap. */
    @Test
    void bodyAloneInItsBudgetIsRejectedOnlyOnceAnotherIsRefused() {
        slow("alone", 5_000);
        assertThat(rejected).isEmpty();

        assertThat(budget.tryReserve(1)).isFalse();
        bodies.relieve();

        assertThat(rejected).containsExactly("alone");
    }

    @Test
    void refusalOfALargeRequestIsFollowedByRoom() {
        slow("first", 300);
        slow("second", 200);
        assertThat(budget.tryReserve(600)).isFalse();

        bodies.relieve();
        bodies.relieve();

        assertThat(rejected).containsExactly("first");
    }
}
