package dev.herald.event;

/**
 * Id of an event, which the publisher should keep unique; a reconnecting client sends it as {@code Last-Event-ID}.
 * Comparable for hash tables, like {@link Topic}.
 *
 * @param value 1 to {@value #MAX_BYTES} bytes of UTF-8, without control characters and most format characters. Not
 *     {@code earliest} and not starting with {@code #}, which the hub reserves (PROTOCOL M12, E11)
 */
public record EventId(String value) implements Comparable<EventId> {
    /** Longest id, in bytes of UTF-8, inclusive. */
    public static final int MAX_BYTES = 1_024;

    /** Value that requests all retained events, in place of an id. */
    public static final String EARLIEST = "earliest";

    /** First character of cursors, which mark a position and not an event. */
    public static final char CURSOR_MARK = '#';

    /** @throws InvalidFieldException if the value is invalid */
    public EventId {
        SingleLine.check("id", value, MAX_BYTES);
        if (value.equals(EARLIEST) || value.charAt(0) == CURSOR_MARK) {
            throw new InvalidFieldException("id", "must not be 'earliest' nor start with '#': choose another.");
        }
    }

    /** Text without white space at its ends, no-break spaces included. HTTP and clients remove it from a header. */
    public static String strip(String text) {
        int start = 0;
        while (start < text.length() && isWhiteSpace(text.charAt(start))) {
            start++;
        }
        int end = text.length();
        while (end > start && isWhiteSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    /** All white space of Unicode is in the BMP. U+2028 and U+2029 are line separators, not spaces. */
    private static boolean isWhiteSpace(char character) {
        return Character.getType(character) == Character.SPACE_SEPARATOR
                || character <= ' ' && Character.isWhitespace(character);
    }

    @Override
    public int compareTo(EventId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
