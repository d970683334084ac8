package dev.herald.http;

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
 * Parameters of a query or form (WHATWG URL, {@code application/x-www-form-urlencoded}). Percent-escapes are decoded to
 * bytes first and to text on access, so that text that is not UTF-8 is rejected, not replaced.
 */
public final class Parameters {
    /** More than a URL or body of the accepted size contains in practice; bounds the cost of decoding. */
    private static final int MAX_PARAMETERS = 10_000;

    /** Longest name that an error message quotes, in characters. */
    private static final int MAX_QUOTED = 64;

    /** Stands for an empty name; no parameter has it. */
    private static final String NO_NAME = "\0";

    /** Start of a parameter whose name is empty. */
    private static final Pattern EMPTY_NAME = Pattern.compile("(?<![^&])=");

    private static final Pattern STRAY_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private final Map<String, List<String>> latin1;

    /** Media type of a form. */
    public static final String FORM = "application/x-www-form-urlencoded";

    /** No parameters. */
    public static final Parameters NONE = new Parameters(Map.of());

    private Parameters(Map<String, List<String>> latin1) {
        this.latin1 = latin1;
    }

    /** Whether the values of {@code Content-Type} say that the body is a form: there is one, with or without parameters. */
    public static boolean isForm(List<String> contentTypes) {
        return contentTypes.size() == 1
                && contentTypes.get(0).split(";", 2)[0].trim().equalsIgnoreCase(FORM);
    }

    /**
     * Decodes {@code name=value&…}. A percent sign that escapes nothing is text, as browsers read it (WHATWG URL,
     * percent-decode).
     *
     * @param text one character a byte; null is none
     * @throws RequestRejectedException if there are too many
     */
    public static Parameters parse(String text) {
        if (text == null) {
            return NONE;
        }
        if (text.chars().filter(c -> c == '&').count() >= MAX_PARAMETERS) {
            throw new RequestRejectedException(
                    ProblemType.INVALID_FIELD, "There are more than " + MAX_PARAMETERS + " parameters: send fewer.");
        }
        return new Parameters(
                new QueryStringDecoder(asQuery(text), StandardCharsets.ISO_8859_1, false, MAX_PARAMETERS, true)
                        .parameters());
    }

    /**
     * The decoder would drop a leading question mark and everything after a hash; here both are text. It would take
     * {@code =private} for a parameter {@code private}, but the name is empty: it gets a name that no parameter has.
     */
    private static String asQuery(String text) {
        String named = EMPTY_NAME.matcher(text).replaceAll("%00=");
        String escaped =
                named.indexOf('%') < 0 ? named : STRAY_PERCENT.matcher(named).replaceAll("%25");
        return "?" + escaped.replace("#", "%23");
    }

    /**
     * All values of that name, in order.
     *
     * @throws RequestRejectedException if one is not UTF-8
     */
    public List<String> all(String name) {
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

    /** Number of values of that name. */
    public int count(String name) {
        return latin1.getOrDefault(name, List.of()).size();
    }

    /** These parameters followed by the others. */
    public Parameters and(Parameters others) {
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
     * These parameters, of a URL, followed by those of a form.
     *
     * @param repeatable names that may occur in both
     * @throws InvalidFieldException naming the first other parameter that occurs in both
     */
    public Parameters andForm(Parameters form, Set<String> repeatable) {
        for (String name : form.latin1.keySet()) {
            if (latin1.containsKey(name) && !repeatable.contains(name)) {
                throw new InvalidFieldException(quoted(name), "is in the URL and in the form: send it in one of them.");
            }
        }
        return and(form);
    }

    /**
     * Rejects every parameter but the known ones. Names are case-sensitive.
     *
     * @param remedy a sentence that says what is valid
     * @throws InvalidFieldException naming the first unknown parameter
     */
    public void rejectUnknown(Set<String> known, String remedy) {
        for (String name : latin1.keySet()) {
            if (!known.contains(name)) {
                throw new InvalidFieldException(quoted(name), "is not a parameter of this request. " + remedy);
            }
        }
    }

    private static String quoted(String name) {
        String text = name.equals(NO_NAME) ? "" : Text.lenientUtf8(name);
        return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
    }

    /**
     * The first value of that name.
     *
     * @throws RequestRejectedException if it is not UTF-8
     */
    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    /** Whether the name is present, with or without a value. */
    public boolean has(String name) {
        return latin1.containsKey(name);
    }

    /**
     * The first value of these names that is not blank, trimmed as a header value is. U+FFFD replaces what is not
     * UTF-8.
     *
     * @param names in order of precedence
     */
    public Optional<String> firstNotBlank(List<String> names) {
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
