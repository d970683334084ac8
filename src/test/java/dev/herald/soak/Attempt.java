package dev.herald.soak;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Number of one sending of an update: the publisher, its sequence number, and how often it was sent before, packed into a
 * {@code long}. The marker in the update's data has the same three numbers.
 */
final class Attempt {
    /** Never the number of an attempt. */
    static final long NONE = -1;

    private static final int PUBLISHER_SHIFT = 48;
    private static final int SEQUENCE_SHIFT = 12;
    private static final long SEQUENCE_MASK = (1L << PUBLISHER_SHIFT - SEQUENCE_SHIFT) - 1;
    private static final int MAX_ATTEMPT = (1 << SEQUENCE_SHIFT) - 1;
    private static final Pattern MARKER = Pattern.compile("soak-(\\d{1,3})-(\\d{1,9})-(\\d{1,4});");

    private Attempt() {}

    /** @param attempt 0 for the first sending */
    static long of(int publisher, long sequence, int attempt) {
        if (attempt > MAX_ATTEMPT) {
            throw new IllegalStateException("An update was sent " + attempt + " times.");
        }
        return (long) publisher << PUBLISHER_SHIFT | sequence << SEQUENCE_SHIFT | attempt;
    }

    static int publisher(long attempt) {
        return (int) (attempt >>> PUBLISHER_SHIFT);
    }

    static long sequence(long attempt) {
        return attempt >>> SEQUENCE_SHIFT & SEQUENCE_MASK;
    }

    /** The marker in the update's data. */
    static String marker(long attempt) {
        return "soak-" + publisher(attempt) + "-" + sequence(attempt) + "-" + (attempt & MAX_ATTEMPT) + ";";
    }

    /** The attempt of the first marker in the data. */
    static OptionalLong find(String data) {
        Matcher found = MARKER.matcher(data);
        return found.find()
                ? OptionalLong.of(of(
                        Integer.parseInt(found.group(1)),
                        Long.parseLong(found.group(2)),
                        Integer.parseInt(found.group(3))))
                : OptionalLong.empty();
    }
}
