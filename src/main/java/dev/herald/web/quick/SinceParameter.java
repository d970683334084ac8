package dev.herald.web.quick;

import java.util.regex.Pattern;

import dev.herald.event.InvalidFieldException;
import dev.herald.hub.ReplayFrom;

/**
 * The quick API's parameter {@code since}: an event id, a cursor, {@code earliest}, a number of latest events, or
 * {@code latest} for the latest one of each topic.
 */
final class SinceParameter {
    /** Name of the parameter. */
    static final String NAME = "since";

    private static final String LATEST = "latest";
    private static final int MAX = 1_000;
    private static final int MAX_DIGITS = 4;
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+");
    private static final Pattern LEADING_ZEROS = Pattern.compile("^0+(?=.)");

    private SinceParameter() {}

    /** @throws InvalidFieldException if it is a number outside 1 to {@value #MAX}, inclusive */
    static ReplayFrom parse(String text) {
        if (text.equals(LATEST)) {
            return new ReplayFrom.LatestOfEachTopic();
        }
        if (!NUMBER.matcher(text).matches()) {
            return new ReplayFrom.After(text);
        }
        String digits = LEADING_ZEROS.matcher(text).replaceFirst("");
        int count = digits.length() <= MAX_DIGITS ? Integer.parseInt(digits) : -1;
        if (count < 1 || count > MAX) {
            throw new InvalidFieldException(
                    NAME,
                    "is out of range: a number must be from 1 to " + MAX
                            + ". Give the number of latest events to begin with, 'latest' for the latest one of each"
                            + " topic, 'earliest' for all, or an id."
                            + " Send an id that is a number as 'lastEventID'.");
        }
        return new ReplayFrom.Latest(count);
    }
}
