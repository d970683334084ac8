package dev.herald.web;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.netty.handler.codec.http.QueryStringDecoder;

import dev.herald.event.EventId;
import dev.herald.event.InvalidFieldException;

/**
 * The parameters of a query or of a form (WHATWG URL, {@code application/x-www-form-urlencoded}). Percent-escapes are
 * decoded to bytes first and to text when asked for, so that text that is not UTF-8 is noticed, not replaced.
 */
final class Parameters {
    /** More than a URL or a body of the accepted size holds in practice; bounds what decoding may cost. */
    private static final int MAX_PARAMETERS = 10_000;

    /** Longest name that a refusal quotes, in characters. */
    private static final int MAX_QUOTED = 64;

    private static final Pattern STRAY_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private final Map<String, List<String>> latin1;

    /** No parameters. */
    static final Parameters NONE = new Parameters(Map.of());

    private Parameters(Map<String, List<String>> latin1) {
        this.latin1 = latin1;
    }

    /**
     * Decodes {@code name=value&…}. A percent sign that escapes nothing is text, as browsers read it (WHATWG URL,
     * percent-decode).
     *
     * @param text one character a byte; null is none
     * @throws RefusedException if there are too many
     */
    static Parameters parse(String text) {
        if (text == null) {
            return NONE;
        }
        if (text.chars().filter(c -> c == '&').count() >= MAX_PARAMETERS) {
            throw new RefusedException(
                    ProblemType.INVALID_FIELD, "There are more than " + MAX_PARAMETERS + " parameters: send fewer.");
        }
        return new Parameters(
                new QueryStringDecoder(asQuery(text), StandardCharsets.ISO_8859_1, false, MAX_PARAMETERS, true)
                        .parameters());
    }

    /** The decoder would drop a leading question mark, and all that follows a hash; here both are text. */
    private static String asQuery(String text) {
        String escaped =
                text.indexOf('%') < 0 ? text : STRAY_PERCENT.matcher(text).replaceAll("%25");
        return "?" + escaped.replace("#", "%23");
    }

    /**
     * All values of that name, in order.
     *
     * @throws RefusedException if one is not UTF-8
     */
    List<String> all(String name) {
        return latin1.getOrDefault(name, List.of()).stream()
                .map(value -> Text.utf8("The parameter '" + name + "'", value))
                .toList();
    }

    /** All values of that name, in order, with U+FFFD for what is not UTF-8. */
    List<String> allLenient(String name) {
        return latin1.getOrDefault(name, List.of()).stream()
                .map(Text::lenientUtf8)
                .toList();
    }

    /** How many values that name has. */
    int count(String name) {
        return latin1.getOrDefault(name, List.of()).size();
    }

    /** These parameters and then the others. */
    Parameters and(Parameters others) {
        if (others.latin1.isEmpty()) {
            return this;
        }
        Map<String, List<String>> all = new LinkedHashMap<>(latin1);
        others.latin1.forEach(
                (name, values) -> all.merge(name, values, (some, more) -> Stream.concat(some.stream(), more.stream())
                        .toList()));
        return new Parameters(all);
    }

    /**
     * Refuses every parameter but the known ones. Names are compared letter by letter.
     *
     * @param remedy a sentence that says what would be right
     * @throws InvalidFieldException naming the first unknown parameter
     */
    void refuseOthers(Set<String> known, String remedy) {
        for (String name : latin1.keySet()) {
            if (!known.contains(name)) {
                String text = Text.lenientUtf8(name);
                String quoted = text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
                throw new InvalidFieldException(quoted, "is not a parameter of a publishing request here. " + remedy);
            }
        }
    }

    /**
     * The first value of that name.
     *
     * @throws RefusedException if it is not UTF-8
     */
    Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    /** Whether the name is there, with a value or without. */
    boolean has(String name) {
        return latin1.containsKey(name);
    }

    /**
     * The first value of these names that is not blank, without white space at its ends, as a header would have it. U+FFFD
     * stands for what is not UTF-8.
     *
     * @param names in the order of precedence
     */
    Optional<String> firstNotBlank(List<String> names) {
        // Loops, since most streams give none of the names.
        for (String name : names) {
            for (String value : latin1.getOrDefault(name, List.of())) {
                String stripped = EventId.strip(Text.lenientUtf8(value));
                if (!stripped.isEmpty()) {
                    return Optional.of(stripped);
                }
            }
        }
        return Optional.empty();
    }
}
