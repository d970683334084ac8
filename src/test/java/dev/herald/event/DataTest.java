package dev.herald.event;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of {@link Data#isLine}, which decides whether a frame contains the data unchanged. */
class DataTest {
    private static final int LENGTH = 20;

    @Test
    void lineBreakIsFoundAtEachOffset() {
        for (int length = 1; length <= LENGTH; length++) {
            for (int at = 0; at < length; at++) {
                assertThat(Data.isLine(bytes(length, at, (byte) '\n')))
                        .as("LF at %d of %d", at, length)
                        .isFalse();
                assertThat(Data.isLine(bytes(length, at, (byte) '\r')))
                        .as("CR at %d of %d", at, length)
                        .isFalse();
            }
        }
    }

    @Test
    void anyOtherByteIsNoLineBreak() {
        for (int value = 0; value < 256; value++) {
            boolean lineBreak = value == '\n' || value == '\r';
            for (int at = 0; at < LENGTH; at++) {
                assertThat(Data.isLine(bytes(LENGTH, at, (byte) value)))
                        .as("byte %d at %d", value, at)
                        .isEqualTo(!lineBreak);
            }
        }
        assertThat(Data.isLine(new byte[0])).isTrue();
        assertThat(Data.isLine("早上好\u2028\u0085".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
    }

    private static byte[] bytes(int length, int at, byte value) {
        byte[] bytes = "x".repeat(length).getBytes(StandardCharsets.UTF_8);
        bytes[at] = value;
        return bytes;
    }
}
