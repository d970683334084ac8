package dev.herald.web;

import java.util.List;

import dev.herald.event.InvalidFieldException;
import dev.herald.http.Parameters;

/** Parser of the parameter {@code auth} of a subscription, for both dialects (PROTOCOL E13). */
public final class AuthParameter {
    private static final String NAME = "auth";
    private static final String REQUIRED = "required";

    private AuthParameter() {}

    /**
     * Whether the stream must not be opened without a valid token.
     *
     * @throws InvalidFieldException if it has another value: a misspelt one would open an anonymous stream
     */
    public static boolean requiresToken(Parameters query) {
        List<String> values = query.all(NAME);
        if (!values.stream().allMatch(REQUIRED::equals)) {
            throw new InvalidFieldException(NAME, "must be '" + REQUIRED + "', or absent.");
        }
        return !values.isEmpty();
    }
}
