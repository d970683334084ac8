package dev.herald.http;

import java.lang.management.ManagementFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the token in a header {@code Authorization}. */
class CredentialsTest {
    @ParameterizedTest
    @CsvSource({"Bearer abc,abc", "bEARER   abc,abc", "Bearer,''", "Bearer  ,''", "Bearer a b,a b"})
    void schemeIsCaseInsensitive(String value, String token) {
        assertThat(Credentials.bearer(value)).hasValue(token);
    }

    @ParameterizedTest
    @CsvSource({"Basic abc", "Bearerabc", "Bearer2 abc"})
    void otherSchemesAreIgnored(String value) {
        assertThat(Credentials.bearer(value)).isEmpty();
    }

    /** A quadratic match would need minutes: it runs on an event loop, for everyone who sends this. */
    @Test
    void blanksBeforeALineBreakCostNoMoreThanTheirLength() {
        String value = "Bearer" + " ".repeat(1_000_000) + "\u0085a";
        long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();

        assertThat(Credentials.bearer(value)).hasValue("\u0085a");

        assertThat(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began)
                .isLessThan(5_000_000_000L);
    }
}
