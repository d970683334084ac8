package dev.herald.event;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * A URI Template (RFC 6570, levels 1 to 4) as a set of texts: all its expansions. Immutable.
 *
 * <p>Asking whether a text is one of them costs at most O(length of the template × length of the text / 64), whatever the
 * template; most are told apart by how they begin and end.
 */
final class UriTemplate {
    private final String prefix;
    private final String suffix;
    private final List<Part> parts;

    private UriTemplate(String prefix, String suffix, List<Part> parts) {
        this.prefix = prefix;
        this.suffix = suffix;
        this.parts = parts;
    }

    /** The template that is written so; nothing if the text is not a valid one, or has no expression. */
    static Optional<UriTemplate> parse(String text) {
        int first = text.indexOf('{');
        int last = text.lastIndexOf('}');
        if (first < 0 || last < first) {
            return Optional.empty();
        }
        String prefix = plainStart(text.substring(0, first));
        String suffix = plainEnd(text.substring(last + 1));
        String rest = text.substring(prefix.length(), text.length() - suffix.length());
        return new UriTemplateParser(rest)
                .parts()
                .filter(parts -> UriTemplateParser.literal(prefix) && UriTemplateParser.literal(suffix))
                .map(parts -> new UriTemplate(prefix, suffix, parts));
    }

    /** Whether a text is an expansion of this template. */
    boolean matches(String text) {
        if (text.length() < prefix.length() + suffix.length() || !text.startsWith(prefix) || !text.endsWith(suffix)) {
            return false;
        }
        UriText symbols = new UriText(text);
        BigInteger reached = Places.START.shiftLeft(prefix.length());
        for (Part part : parts) {
            reached = part.advance(symbols, reached);
            if (reached.signum() == 0) {
                return false;
            }
        }
        return symbols.endsWith(suffix) && reached.testBit(symbols.length() - suffix.length());
    }

    /** As far as each character is a symbol for itself, and nothing else is that symbol. */
    private static String plainStart(String literal) {
        int end = 0;
        while (end < literal.length() && plain(literal.charAt(end))) {
            end++;
        }
        return literal.substring(0, end);
    }

    private static String plainEnd(String literal) {
        int start = literal.length();
        while (start > 0 && plain(literal.charAt(start - 1))) {
            start--;
        }
        boolean encoded = start > 0 && literal.charAt(start - 1) == '%';
        return literal.substring(encoded ? Math.min(literal.length(), start + 2) : start);
    }

    private static boolean plain(char c) {
        return c < 0x80 && c != '%';
    }

    /** A stretch of a template. */
    @FunctionalInterface
    interface Part {
        /** The places of a text that are reached over what this part expands to, from any of those places. */
        BigInteger advance(UriText text, BigInteger from);
    }
}
