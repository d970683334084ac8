package dev.herald.selector;

import java.util.List;
import java.util.Optional;

/**
 * URI Template (RFC 6570, levels 1 to 4) as the set of its expansions. Immutable.
 *
 * <p>A match costs at most O(length of the template × length of the text / 64). Prefix and suffix reject most
 * mismatches.
 */
final class UriTemplate {
    private final String prefix;
    private final String suffix;
    private final List<TemplatePart> parts;
    private final int steps;
    private final long heapBytes;

    private UriTemplate(String prefix, List<TemplatePart> parts, String suffix) {
        this.prefix = prefix;
        this.parts = parts;
        this.suffix = suffix;
        this.steps = parts.stream().mapToInt(TemplatePart::steps).sum();
        this.heapBytes = 2L * (prefix.length() + suffix.length())
                + TemplatePart.REFERENCE_BYTES * parts.size()
                + parts.stream().distinct().mapToLong(TemplatePart::heapBytes).sum();
    }

    /** Parses a template; empty if the text is not a valid one, or has no expression. */
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

    /** Literal prefix of every expansion. */
    String prefix() {
        return prefix;
    }

    /** Maximum steps of a match, each over the whole text. */
    int steps() {
        return steps;
    }

    /** Estimated heap bytes. Costs O(1). */
    long heapBytes() {
        return heapBytes;
    }

    /** Whether a text is an expansion of this template. */
    boolean matches(UriText text) {
        if (!text.mayMatch(prefix, suffix)) {
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

    /** Part of a literal that matches only itself, symbol by symbol: ASCII that encodes nothing. */
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
