package dev.herald.event;

/** Calculator of text lengths in UTF-8, without encoding. */
final class Utf8 {
    private Utf8() {}

    /** Length of well-formed text in UTF-8, in bytes. Costs O(length). */
    static long length(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a surrogate pair is half of a four-byte sequence.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}
