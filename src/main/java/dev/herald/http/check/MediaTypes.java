package dev.herald.http.check;

import java.util.Arrays;
import java.util.List;

import jakarta.ws.rs.WebApplicationException;

import org.jboss.resteasy.reactive.common.util.MediaTypeHelper;

/**
 * Validator of the headers {@code Content-Type} and {@code Accept} (RFC 9110 §8.3.1, §12.5.1), by the parser of Quarkus
 * REST, which has no exception of its own for what it cannot parse. It keeps the last 200 values with their parameters,
 * and its time grows with the square of their number, so both are bounded. Stateless.
 */
final class MediaTypes {
    /** Most characters of the header: several times what browsers send. */
    private static final int MAX_CHARACTERS = 1_000;

    private static final int MAX_PARAMETERS = 50;

    /** Detail for values that are not short; takes the name of the header. */
    static final String TOO_LONG = "The header '%s' has more than " + MAX_CHARACTERS + " characters or "
            + MAX_PARAMETERS + " parameters: shorten or remove it.";

    private MediaTypes() {}

    /** Whether the values are short enough to be parsed. */
    static boolean areShort(List<String> values) {
        int characters = values.stream().mapToInt(String::length).sum();
        // Most are: no request pays for the count of parameters.
        return characters <= MAX_PARAMETERS
                || characters <= MAX_CHARACTERS
                        && values.stream()
                                        .flatMapToInt(String::chars)
                                        .filter(c -> c == ';')
                                        .count()
                                <= MAX_PARAMETERS;
    }

    static boolean isMediaType(String value) {
        try {
            MediaTypeHelper.valueOf(value);
            return true;
        } catch (IllegalArgumentException invalid) {
            return false;
        }
    }

    /** Elements of a header with lists of media ranges, empty ones included. */
    static List<String> elements(List<String> values) {
        return values.stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(String::trim)
                .toList();
    }

    /** Whether the element is a media range; its weight, if it has one, is from 0 to 1. */
    static boolean isRange(String element) {
        try {
            // NaN is not. A range without a weight has a large one.
            return MediaTypeHelper.getQWithParamInfo(MediaTypeHelper.valueOf(element)) >= 0;
        } catch (IllegalArgumentException | WebApplicationException invalid) {
            return false;
        }
    }
}
