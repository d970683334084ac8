package dev.herald.connection;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of targets that RFC 3986 forbids and browsers send: forbidden characters are escaped once, others are
 * unchanged.
 */
class RequestTargetTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '§',
            delimiterString = " -> ",
            value = {
                "/SSE?topic=/books/{id} -> /SSE?topic=/books/%7Bid%7D",
                "/a?b=|^\\`\"<> -> /a?b=%7C%5E%5C%60%22%3C%3E",
                "/a?b=[c] -> /a?b=%5Bc%5D",
                "/a?b=100% -> /a?b=100%25",
                "/a?b=%zz%4 -> /a?b=%25zz%254",
                "/a?b=%%41 -> /a?b=%25%41",
                "/a?b=%7b -> /a?b=%7b",
                "/a?b=c#d -> /a?b=c#d",
                "/{a}/b%?c -> /%7Ba%7D/b%25?c",
                "/a?b=\u00c3\u00a4 -> /a?b=%C3%A4",
                "/a?b=\u20ac\ud83e\uddc0 -> /a?b=%E2%82%AC%F0%9F%A7%80",
                "/a?b=\u0001c -> /a?b=%01c",
                "/-._~:/?@!$&'()*+,;= -> /-._~:/?@!$&'()*+,;=",
            })
    void escapesCharactersForbiddenByRfc3986(String target, String escaped) {
        assertThat(RequestTarget.escaped(target)).isEqualTo(escaped);
        assertThat(RequestTarget.escaped(escaped)).as("escaped again").isEqualTo(escaped);
    }
}
