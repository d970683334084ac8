package dev.herald.soak;

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import dev.herald.soak.Tally.Seen;

import static org.assertj.core.api.Assertions.assertThat;

class TallyTest {
    private final Faults faults = new Faults(fault -> {});
    private final Tally tally = new Tally();

    @Test
    void kindThatWasNotSeenIsReported() {
        countAllBut(Seen.LIVE);

        tally.requireAll(false, faults);

        assertThat(faults.kept()).containsExactly("checker: the run has not seen: live");
    }

    @Test
    void gapIsRequiredOnlyWhereEventsExpire() {
        countAllBut(Seen.GAP);

        tally.requireAll(true, faults);
        assertThat(faults.kept()).isEmpty();

        tally.requireAll(false, faults);
        assertThat(faults.kept()).containsExactly("checker: the run has not seen: gap");
    }

    @Test
    void reportNamesEachCount() {
        tally.count(Seen.AGAIN, 3);

        assertThat(tally.summary()).startsWith("repeated-id=0 ").contains(" again=3 ");
    }

    private void countAllBut(Seen one) {
        Stream.of(Seen.values()).filter(seen -> seen != one).forEach(tally::count);
    }
}
