package dev.herald.web;

import java.util.List;

import dev.herald.event.InvalidFieldException;
import dev.herald.http.Parameters;

/** Parser of the parameter {@code envelope} of a subscription, for both dialects (PROTOCOL Q17). */
public final class EnvelopeParameter {
    private static final String NAME = "envelope";
    private static final String ON = "1";
    private static final String OFF = "0";

    private EnvelopeParameter() {}

    /**
     * Whether each event is delivered as a JSON object. An empty value is absent.
     *
     * @throws InvalidFieldException if it is given more than once, or has another value
     */
    public static boolean isOn(Parameters parameters) {
        List<String> values = parameters.all(NAME);
        if (values.size() > 1) {
            throw new InvalidFieldException(NAME, "is given more than once: send it once.");
        }
        String value = values.isEmpty() || values.get(0).isEmpty() ? OFF : values.get(0);
        if (!value.equals(ON) && !value.equals(OFF)) {
            throw new InvalidFieldException(
                    NAME, "must be '" + ON + "' for each event as a JSON object, or '" + OFF + "', or absent.");
        }
        return value.equals(ON);
    }
}
