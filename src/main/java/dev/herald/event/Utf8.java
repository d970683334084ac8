package dev.herald.event;

import java.nio.charset.StandardCharsets;

/** Calculator of text lengths in UTF-8. */
final class Utf8 {
    private Utf8() {}

    /** Length up to which a copy costs less than a look at each character. */
    private static final int SHORT = 4_096;

    /** Length of well-formed text in UTF-8, in bytes. Costs O(length). */
    static long length(String text) {
        // Encoding is a copy of the characters if all are ASCII.
        return text.length() <= SHORT ? text.getBytes(StandardCharsets.UTF_8).length : count(text);
    }

    private static long count(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a surrogate pair is half of a four-byte sequence.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}
