package dev.herald.event;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * A text as a URI spells it, symbol by symbol, with what matching asks of it. A symbol is one character, or one
 * percent-encoded byte. Percent-encoded UTF-8 beyond ASCII is the character it stands for, since an IRI and the URI that
 * it maps to are one name (RFC 3987 §3.1); of ASCII it is not: {@code %2F} separates nothing.
 *
 * <p>Sets of places in the text are {@link BigInteger}s with a bit for each place, so that matching goes on at all places
 * at once: a step costs O(length / 64). Not thread-safe.
 */
final class UriText {
    /** Added to the value of a byte that stands percent-encoded and is no part of a character beyond ASCII. */
    private static final int ENCODED = Character.MAX_CODE_POINT + 1;

    private static final String MARKS = "-._~";
    private static final String RESERVED = ":/?#[]@!$&'()*+,;=";

    private final int[] symbols;
    private final Map<Integer, BigInteger> places = new HashMap<>();
    private final Map<Integer, Pairs> pairs = new HashMap<>();
    private BigInteger unreserved;
    private BigInteger listed;
    private BigInteger reserved;

    UriText(String text) {
        this.symbols = symbols(text);
    }

    /** Number of symbols. */
    int length() {
        return symbols.length;
    }

    /** Whether the last symbols are these characters, for themselves: {@code %ab} does not end in {@code ab}. */
    boolean endsWith(String suffix) {
        int start = symbols.length - suffix.length();
        if (start < 0) {
            return false;
        }
        for (int i = 0; i < suffix.length(); i++) {
            if (symbols[start + i] != suffix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Where symbols stand that a value expands to. */
    BigInteger unreserved() {
        if (unreserved == null) {
            unreserved = where(i -> isUnreserved(symbols[i]));
        }
        return unreserved;
    }

    /** Where symbols stand that values expand to, separated by commas. */
    BigInteger listed() {
        if (listed == null) {
            listed = unreserved().or(places(','));
        }
        return listed;
    }

    /** Where symbols stand that a value expands to when reserved characters are left as they are. */
    BigInteger reserved() {
        if (reserved == null) {
            reserved = unreserved().or(where(i -> RESERVED.indexOf(symbols[i]) >= 0));
        }
        return reserved;
    }

    /** Where a symbol stands. */
    BigInteger places(int symbol) {
        return places.computeIfAbsent(symbol, wanted -> where(i -> symbols[i] == wanted));
    }

    /** What matching asks about pairs, such as {@code a=1,b=2}, that a character separates. */
    Pairs pairs(char separator) {
        return pairs.computeIfAbsent((int) separator, s -> findPairs(separator));
    }

    private Pairs findPairs(char separator) {
        boolean separates = !isUnreserved(separator);
        boolean[] inside = new boolean[symbols.length];
        boolean[] end = new boolean[symbols.length + 1];
        boolean inValue = false;
        for (int i = 0; i < symbols.length; i++) {
            end[i] = inValue || !separates;
            if (symbols[i] == separator) {
                inside[i] = inValue || !separates;
                inValue = false;
            } else if (symbols[i] == '=') {
                inside[i] = !inValue;
                inValue = true;
            } else {
                inside[i] = isUnreserved(symbols[i]);
            }
        }
        end[symbols.length] = inValue || !separates;
        return new Pairs(where(i -> inside[i]), bits(end.length, i -> end[i]));
    }

    private BigInteger where(IntPredicate condition) {
        return bits(symbols.length, condition);
    }

    private static BigInteger bits(int length, IntPredicate condition) {
        byte[] bytes = new byte[length / Byte.SIZE + 1];
        for (int i = 0; i < length; i++) {
            if (condition.test(i)) {
                bytes[bytes.length - 1 - i / Byte.SIZE] |= (byte) (1 << i % Byte.SIZE);
            }
        }
        return new BigInteger(1, bytes);
    }

    private static boolean isUnreserved(int symbol) {
        return symbol >= 'a' && symbol <= 'z'
                || symbol >= 'A' && symbol <= 'Z'
                || symbol >= '0' && symbol <= '9'
                || symbol >= 0x80
                || MARKS.indexOf(symbol) >= 0;
    }

    /** The symbols of a text. A percent sign that encodes nothing is a symbol that no expansion has. */
    static int[] symbols(String text) {
        int[] symbols = new int[text.length()];
        int size = 0;
        for (int i = 0; i < text.length(); ) {
            int first = encoded(text, i);
            int length = Math.max(1, sequenceLength(first));
            int character = first < 0 ? text.codePointAt(i) : length == 1 ? -1 : decoded(text, i, length);
            if (first < 0) {
                i += Character.charCount(character);
            } else if (character < 0) {
                character = ENCODED + first;
                i += 3;
            } else {
                i += 3 * length;
            }
            symbols[size++] = character;
        }
        return Arrays.copyOf(symbols, size);
    }

    /** The byte that is percent-encoded at that place, or -1. */
    private static int encoded(String text, int at) {
        if (at + 2 >= text.length() || text.charAt(at) != '%') {
            return -1;
        }
        int high = hex(text.charAt(at + 1));
        int low = hex(text.charAt(at + 2));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static int hex(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }

    /** How many bytes a character has in UTF-8 that begins with this one, 0 if none does. */
    private static int sequenceLength(int first) {
        if (first >= 0xC2 && first <= 0xDF) {
            return 2;
        }
        if (first >= 0xE0 && first <= 0xEF) {
            return 3;
        }
        return first >= 0xF0 && first <= 0xF4 ? 4 : 0;
    }

    /** The character whose bytes are percent-encoded there, or -1 if they are not well-formed UTF-8. */
    private static int decoded(String text, int at, int length) {
        int character = encoded(text, at) & (0x7F >> length);
        for (int i = 1; i < length; i++) {
            int next = encoded(text, at + 3 * i);
            if ((next & 0xC0) != 0x80 || next < 0) {
                return -1;
            }
            character = character << 6 | next & 0x3F;
        }
        boolean shortest = character >= (length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000);
        boolean whole = character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE;
        return shortest && whole && character <= Character.MAX_CODE_POINT ? character : -1;
    }

    /**
     * Of pairs with one separator.
     *
     * @param inside where symbols stand that go on with pairs: each has one equals sign
     * @param ends before which places a pair may end
     */
    record Pairs(BigInteger inside, BigInteger ends) {}
}
