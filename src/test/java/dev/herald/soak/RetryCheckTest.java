package dev.herald.soak;

import java.util.OptionalLong;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RetryCheckTest {
    private static final OptionalLong NONE = OptionalLong.empty();
    private static final long SEED = 1;

    private final Faults faults = new Faults(fault -> {});
    private final RetryCheck check = new RetryCheck("s", new Tally(), faults);

    @Test
    void retriesAsSentAreNoFault() {
        long with = attempt(true);
        long without = attempt(false);

        check.receiveFirst(OptionalLong.of(100));
        check.receive(with, plan(with), plan(with).retry());
        check.receive(without, plan(without), NONE);
        check.receiveSignal(NONE);
        check.receiveLast(OptionalLong.of(150));

        assertThat(faults.kept()).isEmpty();
    }

    @Test
    void retryOfThePublisherThatIsMissingIsReported() {
        long attempt = attempt(true);

        check.receive(attempt, plan(attempt), NONE);

        assertThat(faults.kept()).singleElement().asString().contains("has OptionalLong.empty instead of");
    }

    @Test
    void retryOfAnotherEventIsReported() {
        long attempt = attempt(false);

        check.receive(attempt, plan(attempt), OptionalLong.of(7));

        assertThat(faults.kept())
                .singleElement()
                .asString()
                .endsWith("has OptionalLong[7] instead of OptionalLong.empty as retry");
    }

    @Test
    void firstBlockWithoutTheConfiguredRetryIsReported() {
        check.receiveFirst(OptionalLong.of(2_000));

        assertThat(faults.kept()).containsExactly("s: a stream begins with OptionalLong[2000] as retry");
    }

    @Test
    void signalWithARetryIsReported() {
        check.receiveSignal(OptionalLong.of(1));

        assertThat(faults.kept()).containsExactly("s: a retry that nobody sent: OptionalLong[1]");
    }

    @Test
    void endWithoutARetryIsReported() {
        check.receiveLast(NONE);

        assertThat(faults.kept()).containsExactly("s: a stream ends with OptionalLong.empty as retry");
    }

    @Test
    void endWithARetryBeyondItsJitterIsReported() {
        check.receiveLast(OptionalLong.of(201));

        assertThat(faults.kept()).containsExactly("s: a stream ends with OptionalLong[201] as retry");
    }

    private static Plan plan(long attempt) {
        return Plan.of(SEED, attempt);
    }

    private static long attempt(boolean retry) {
        return LongStream.range(0, 1_000)
                .map(sequence -> Attempt.of(2, sequence, 0))
                .filter(attempt -> plan(attempt).retry().isPresent() == retry)
                .findFirst()
                .orElseThrow();
    }
}
