package dev.herald.soak;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PlanTest {
    private static final long SEED = 1;

    @Test
    void repeatedIdsAreUsedSeveralTimes() {
        assertThat(repeatedIds(0, Plan.window(1))).hasSizeGreaterThan(2).containsOnly("again[2-0]/\"ü\"");
    }

    @Test
    void windowThatBeginsHasNoIdOfTheOneBefore() {
        long begin = Plan.window(1);

        assertThat(repeatedIds(begin, begin + 1_000)).isNotEmpty().doesNotContainAnyElementsOf(repeatedIds(0, begin));
    }

    private static List<String> repeatedIds(long from, long to) {
        return LongStream.range(from, to)
                .map(sequence -> Attempt.of(2, sequence, 0))
                .mapToObj(attempt -> Plan.of(SEED, attempt).id(attempt))
                .flatMap(Optional::stream)
                .filter(Plan::repeats)
                .toList();
    }
}
