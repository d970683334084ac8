package dev.herald.web;

import java.util.EnumSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.herald.http.ProblemType;
import dev.herald.http.RequestRejectedException;
import dev.herald.hub.EndNotice.Reason;
import dev.herald.hub.StartPosition.RetryLater;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL E8 for forms: which failures of reading one end the stream with a time to reconnect. */
class SubscriptionFormRefusalTest {
    @ParameterizedTest
    @CsvSource({"OVERLOADED,OVERLOADED", "LOG_UNAVAILABLE,DRAINING"})
    void e8TemporaryRefusalEndsTheStream(ProblemType type, Reason reason) {
        RetryLater later = (RetryLater) SubscriptionForm.temporaryRefusal(new RequestRejectedException(type, "x"))
                .orElseThrow();

        assertThat(later.end().reason()).isEqualTo(reason);
    }

    @Test
    void e8OtherRefusalsAreAnswered() {
        EnumSet<ProblemType> others =
                EnumSet.complementOf(EnumSet.of(ProblemType.OVERLOADED, ProblemType.LOG_UNAVAILABLE));

        assertThat(others).allSatisfy(type -> assertThat(
                        SubscriptionForm.temporaryRefusal(new RequestRejectedException(type, "x")))
                .isEmpty());
        assertThat(SubscriptionForm.temporaryRefusal(new IllegalStateException()))
                .isEmpty();
    }
}
