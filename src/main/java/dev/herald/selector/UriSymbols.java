package dev.herald.selector;

import java.util.Arrays;

/**
 * Symbols of a URI as numbers: characters and percent-encoded bytes (RFC 3986 §2).
 *
 * <p>Percent-encoded UTF-8 beyond ASCII is decoded, since an IRI and the URI that it maps to are one name (RFC 3987
 * §3.1). Percent-encoded ASCII is not: a {@code %2F} separates nothing.
 */
final class UriSymbols {
    /** First number above ASCII. */
    static final int END_OF_ASCII = 0x80;

    /** Offset of percent-encoded bytes that are not part of a character beyond ASCII. */
    private static final int ENCODED = Character.MAX_CODE_POINT + 1;

    private static final int ENCODED_LENGTH = "%XX".length();
    private static final int NOT_ENCODED = -1;
    private static final int NO_CHARACTER = -1;

    private static final String MARKS = "-._~";
    private static final String RESERVED = ":/?#[]@!$&'()*+,;=";

    private UriSymbols() {}

    /** Whether it is unreserved: letters, digits, {@code -._~}, and all that is or would be percent-encoded. */
    static boolean isUnreserved(int symbol) {
        return symbol >= 'a' && symbol <= 'z'
                || symbol >= 'A' && symbol <= 'Z'
                || symbol >= '0' && symbol <= '9'
                || symbol >= END_OF_ASCII
                || MARKS.indexOf(symbol) >= 0;
    }

    /** Whether it is reserved (RFC 3986 §2.2). */
    static boolean isReserved(int symbol) {
        return RESERVED.indexOf(symbol) >= 0;
    }

    /** Symbols of a text. A percent sign that encodes nothing is a symbol that no expansion has. */
    static int[] of(String text) {
        int[] symbols = new int[text.length()];
        int size = 0;
        for (int i = 0; i < text.length(); ) {
            int first = encoded(text, i);
            int character = first == NOT_ENCODED ? text.codePointAt(i) : decoded(text, i);
            if (first == NOT_ENCODED) {
                i += Character.charCount(character);
            } else if (character == NO_CHARACTER) {
                character = ENCODED + first;
                i += ENCODED_LENGTH;
            } else {
                i += ENCODED_LENGTH * sequenceLength(first);
            }
            symbols[size++] = character;
        }
        return Arrays.copyOf(symbols, size);
    }

    /** Whether a percent-encoded byte is at this index. */
    static boolean isEncoded(String text, int index) {
        return encoded(text, index) != NOT_ENCODED;
    }

    private static int encoded(String text, int index) {
        if (index + ENCODED_LENGTH > text.length() || text.charAt(index) != '%') {
            return NOT_ENCODED;
        }
        int high = hex(text.charAt(index + 1));
        int low = hex(text.charAt(index + 2));
        return high < 0 || low < 0 ? NOT_ENCODED : high << 4 | low;
    }

    private static int hex(char c) {
        return c < END_OF_ASCII ? Character.digit(c, 16) : -1;
    }

    /** Character beyond ASCII whose percent-encoded UTF-8 begins at this index, if any. */
    private static int decoded(String text, int index) {
        int first = encoded(text, index);
        int length = sequenceLength(first);
        if (length == 0) {
            return NO_CHARACTER;
        }
        int character = first & 0x7F >> length;
        for (int i = 1; i < length; i++) {
            int next = encoded(text, index + ENCODED_LENGTH * i);
            if (next < 0x80 || next > 0xBF) {
                return NO_CHARACTER;
            }
            character = character << 6 | next & 0x3F;
        }
        boolean shortest = character >= (length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000);
        boolean surrogate = character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
        return shortest && !surrogate && character <= Character.MAX_CODE_POINT ? character : NO_CHARACTER;
    }

    /** Length of the UTF-8 sequence beyond ASCII with this first byte, in bytes; 0 if invalid. */
    private static int sequenceLength(int first) {
        if (first >= 0xC2 && first <= 0xDF) {
            return 2;
        }
        if (first >= 0xE0 && first <= 0xEF) {
            return 3;
        }
        return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
    }
}
