package dev.herald.event;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class Utf8Test {

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "\u00e9", "\u20ac", "\ud83d\ude00", "a\u00e9\u20ac\ud83d\ude00\n"})
    void lengthIsThatOfTheEncodedText(String text) {
        for (int times : new int[] {1, 1_000, 10_000}) {
            String repeated = text.repeat(times);

            assertThat(Utf8.length(repeated)).isEqualTo(repeated.getBytes(StandardCharsets.UTF_8).length);
        }
    }
}
