package dev.herald.web;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.herald.event.InvalidFieldException;
import dev.herald.http.Parameters;
import dev.herald.hub.ReplayFrom;

/**
 * Parameter {@code since} of a stream: an event id, a cursor, {@code earliest}, a number of latest events, or
 * {@code latest} for the latest one of each topic (PROTOCOL Q10, Q18).
 */
public final class SinceParameter {
    /** Name of the parameter. */
    public static final String NAME = "since";

    private static final String LATEST = "latest";
    private static final int MAX = 1_000;
    private static final int MAX_DIGITS = 4;
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+");
    private static final Pattern LEADING_ZEROS = Pattern.compile("^0+(?=.)");

    private SinceParameter() {}

    /**
     * The start that the first value which is not blank names; empty without one.
     *
     * @throws InvalidFieldException if it is a number outside 1 to {@value #MAX}, inclusive
     */
    public static Optional<ReplayFrom> start(Parameters parameters) {
        return parameters.firstNotBlank(List.of(NAME)).map(SinceParameter::parse);
    }

    /** @throws InvalidFieldException if it is a number outside 1 to {@value #MAX}, inclusive */
    public static ReplayFrom parse(String text) {
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
