package dev.herald.selector;

import java.util.List;
import java.util.Optional;

/**
 * A URI Template (RFC 6570, levels 1 to 4) as a set of texts: all its expansions. Immutable.
 *
 * <p>Asking whether a text is one of them costs O(length of the template × length of the text / 64) at most, whatever the
 * template. Most that are none are told by how they begin and end.
 */
final class UriTemplate {
    private final String prefix;
    private final String suffix;
    private final List<TemplatePart> parts;
    private final int steps;

    private UriTemplate(String prefix, List<TemplatePart> parts, String suffix) {
        this.prefix = prefix;
        this.parts = parts;
        this.suffix = suffix;
        this.steps = parts.stream().mapToInt(TemplatePart::steps).sum();
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
        if (!UriTemplateParser.isLiteral(prefix) || !UriTemplateParser.isLiteral(suffix)) {
            return Optional.empty();
        }
        return new UriTemplateParser(text.substring(prefix.length(), text.length() - suffix.length()))
                .parts()
                .map(parts -> new UriTemplate(prefix, parts, suffix));
    }

    /** How every expansion begins, to the letter. */
    String prefix() {
        return prefix;
    }

    /** Number of steps that a comparison takes at most, each over the whole text. */
    int steps() {
        return steps;
    }

    /** Whether a text is an expansion of this template. */
    boolean matches(UriText text) {
        if (!text.mayBe(prefix, suffix)) {
            return false;
        }
        MatchPositions reached = MatchPositions.at(prefix.length(), text.length());
        for (TemplatePart part : parts) {
            reached = part.advance(text, reached);
            if (reached.isEmpty()) {
                return false;
            }
        }
        return text.endsWith(suffix) && reached.contains(text.length() - suffix.length());
    }

    /** The part of a literal that stands for itself only, symbol by symbol: ASCII that encodes nothing. */
    private static String plainStart(String literal) {
        int end = 0;
        while (end < literal.length() && isPlain(literal.charAt(end))) {
            end++;
        }
        return literal.substring(0, end);
    }

    private static String plainEnd(String literal) {
        int start = literal.length();
        while (start > 0 && isPlain(literal.charAt(start - 1))) {
            start--;
        }
        boolean encoded = start > 0 && literal.charAt(start - 1) == '%';
        return literal.substring(encoded ? Math.min(literal.length(), start + 2) : start);
    }

    private static boolean isPlain(char c) {
        return c < UriSymbols.END_OF_ASCII && c != '%';
    }
}
