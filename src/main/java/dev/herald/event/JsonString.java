package dev.herald.event;

/**
 * Encoder of text as a JSON string (RFC 8259 §7), from UTF-8 to UTF-8. Escapes what JSON requires, and the line
 * separators U+2028 and U+2029, which JavaScript before 2019 and some clients take for the end of a line.
 */
final class JsonString {
    /** Largest growth: a control character of one byte becomes an escape sequence of six. */
    static final int MAX_GROWTH = 6;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    /** First and second byte of a line or paragraph separator; the third is A8 or A9. */
    private static final byte SEPARATOR_1 = (byte) 0xe2;

    private static final byte SEPARATOR_2 = (byte) 0x80;
    private static final byte LINE_SEPARATOR_3 = (byte) 0xa8;
    private static final byte PARAGRAPH_SEPARATOR_3 = (byte) 0xa9;

    private JsonString() {}

    /** Size of the string with its quotation marks, in bytes. Costs O(length). */
    static long size(byte[] utf8, int start, int end) {
        long size = 2L + end - start;
        for (int i = start; i < end; i++) {
            byte b = utf8[i];
            if (b >= 0 && b < ' ') {
                size += shortEscape(b) == 0 ? 5 : 1;
            } else if (b == '"' || b == '\\') {
                size++;
            } else if (b == SEPARATOR_1 && isSeparator(utf8, i, end)) {
                size += 3;
            }
        }
        return size;
    }

    /**
     * Writes the string with its quotation marks.
     *
     * @param out has {@link #size} bytes of room
     * @return the position after it
     */
    static int write(byte[] utf8, int start, int end, byte[] out, int position) {
        int at = position;
        out[at++] = '"';
        for (int i = start; i < end; i++) {
            byte b = utf8[i];
            if (b >= 0 && b < ' ' || b == '"' || b == '\\') {
                at = escape(b, out, at);
            } else if (b == SEPARATOR_1 && isSeparator(utf8, i, end)) {
                i += 2;
                at = unicodeEscape(0x2000 | utf8[i] & 0x3f, out, at);
            } else {
                out[at++] = b;
            }
        }
        out[at++] = '"';
        return at;
    }

    private static boolean isSeparator(byte[] utf8, int i, int end) {
        return end - i > 2
                && utf8[i + 1] == SEPARATOR_2
                && (utf8[i + 2] == LINE_SEPARATOR_3 || utf8[i + 2] == PARAGRAPH_SEPARATOR_3);
    }

    private static int escape(byte b, byte[] out, int position) {
        byte letter = shortEscape(b);
        if (letter == 0) {
            return unicodeEscape(b, out, position);
        }
        out[position] = '\\';
        out[position + 1] = letter;
        return position + 2;
    }

    private static int unicodeEscape(int character, byte[] out, int position) {
        out[position] = '\\';
        out[position + 1] = 'u';
        for (int digit = 0; digit < 4; digit++) {
            out[position + 2 + digit] = HEX[character >> 12 - 4 * digit & 0xf];
        }
        return position + 6;
    }

    /** Letter of the escape sequence of two characters; 0 if there is none. */
    private static byte shortEscape(byte b) {
        return (byte)
                switch (b) {
                    case '"' -> '"';
                    case '\\' -> '\\';
                    case '\b' -> 'b';
                    case '\f' -> 'f';
                    case '\n' -> 'n';
                    case '\r' -> 'r';
                    case '\t' -> 't';
                    default -> 0;
                };
    }
}
