package dev.herald.cluster.postgres;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TextColumnTest {
    @Test
    void anyTextIsReadAsItWasWritten() {
        for (String text : List.of("", "eve", "\0", "\\", "\\0", "a\0\\\0b\\\\", "two\nlines 🐎")) {
            String column = TextColumn.of(text);

            assertThat(column).doesNotContain("\0");
            assertThat(TextColumn.parse(column)).isEqualTo(text);
        }
    }
}
