package dev.herald.stream;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Test vectors of RFC 9110 §12.5.3 and our own. */
class AcceptEncodingTest {
    private static boolean prefersGzip(String... fields) {
        return new AcceptEncoding(List.of(fields)).prefers("gzip");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gzip",
                "compress, gzip",
                "*",
                "compress;q=0.5, gzip;q=1.0",
                "gzip;q=1.0, identity; q=0.5, *;q=0",
                "GZip ; Q=0.001",
                "br\t,\tgzip",
                "identity;q=0.5, gzip;q=0.5",
                "identity;q=0, *",
                ",, ;, gzip"
            })
    void headerAcceptsGzip(String field) {
        assertThat(prefersGzip(field)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "identity",
                "x-gzip, gzipped, agzip",
                "gzip;q=0",
                "gzip;q=0.000, *",
                "gzip ;q=0, *",
                "gzip;\tq=0",
                "gzip\t;q=0 , *",
                "gzip, gzip;q=0",
                "identity, gzip;q=0.5",
                "*;q=0.5, identity",
                "gzip;q=much",
                "gzip;q=-1",
                "gzip;q=NaN",
                "*;q=0",
                ";",
                ";q=1"
            })
    void headerDoesNotAcceptGzip(String field) {
        assertThat(prefersGzip(field)).isFalse();
    }

    @Test
    void missingHeaderDoesNotAcceptGzip() {
        assertThat(prefersGzip()).isFalse();
    }

    @Test
    void allHeaderLinesApply() {
        assertThat(prefersGzip("br", "gzip")).isTrue();
        assertThat(prefersGzip("*", "gzip;q=0")).isFalse();
    }
}
