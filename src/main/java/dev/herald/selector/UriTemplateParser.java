package dev.herald.selector;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.herald.selector.TemplateExpression.Operator;
import dev.herald.selector.TemplateExpression.Variable;

/** Parser of URI Templates by the grammar of RFC 6570 §2. Single use; not thread-safe. */
final class UriTemplateParser {
    /** Non-literal ASCII (RFC 6570 §2.1, erratum 6937: the apostrophe is literal). */
    private static final String NO_LITERALS = " \"%<>\\^`{|}";

    private static final int MAX_LENGTH_DIGITS = 4;

    private final String text;
    private final Map<Object, Object> shared = new HashMap<>();
    private int at;

    UriTemplateParser(String text) {
        this.text = text;
    }

    /**
     * Parts of the template, in order; empty on a syntax error. Equal expressions are one object: most operators do not
     * write the names of variables, so that four thousand characters have few distinct ones.
     */
    Optional<List<TemplatePart>> parts() {
        List<TemplatePart> parts = new ArrayList<>();
        while (at < text.length()) {
            Optional<? extends TemplatePart> part = text.charAt(at) == '{' ? expression() : literal();
            if (part.isEmpty()) {
                return Optional.empty();
            }
            parts.add(part.get());
        }
        return Optional.of(List.copyOf(parts));
    }

    private Optional<TemplatePart> literal() {
        int end = text.indexOf('{', at);
        String literal = text.substring(at, end < 0 ? text.length() : end);
        at += literal.length();
        if (!isLiteral(literal)) {
            return Optional.empty();
        }
        int[] symbols = UriSymbols.of(literal);
        return Optional.of(new Literal(symbols));
    }

    /** Literal text, symbol by symbol. */
    private record Literal(int[] symbols) implements TemplatePart {
        @Override
        public int steps() {
            return symbols.length;
        }

        @Override
        public long heapBytes() {
            return OBJECT_BYTES + TemplatePart.symbolBytes(symbols);
        }

        @Override
        public MatchPositions advance(UriText topic, MatchPositions from) {
            return topic.over(symbols, from);
        }
    }

    /** Whether a text is a valid literal. */
    static boolean isLiteral(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (text.charAt(i) == '%') {
                if (!UriSymbols.isEncoded(text, i)) {
                    return false;
                }
            } else if (!isLiteral(text.codePointAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLiteral(int character) {
        if (character < UriSymbols.END_OF_ASCII) {
            return character > ' ' && character < 0x7F && NO_LITERALS.indexOf(character) < 0;
        }
        // ucschar and iprivate of RFC 3987: not controls, specials and non-characters.
        return character >= 0xA0
                && (character & 0xFFFE) != 0xFFFE
                && !(character >= 0xFDD0 && character <= 0xFDEF)
                && !(character >= 0xFFF0 && character <= 0xFFFF)
                && !(character >= 0xE0000 && character <= 0xE0FFF);
    }

    private Optional<TemplateExpression> expression() {
        at++;
        Operator operator = operator();
        List<Variable> variables = new ArrayList<>();
        do {
            Optional<Variable> variable = variable(operator);
            if (variable.isEmpty()) {
                return Optional.empty();
            }
            variables.add(share(variable.get()));
        } while (skip(','));
        return skip('}')
                ? Optional.of(share(new TemplateExpression(operator, List.copyOf(variables))))
                : Optional.empty();
    }

    /** The first object that is equal to this one. */
    @SuppressWarnings("unchecked")
    private <T> T share(T object) {
        Object first = shared.putIfAbsent(object, object);
        return first == null ? object : (T) first;
    }

    private Operator operator() {
        for (Operator operator : Operator.values()) {
            if (operator != Operator.SIMPLE && skip(operator.sign)) {
                return operator;
            }
        }
        return Operator.SIMPLE;
    }

    private Optional<Variable> variable(Operator operator) {
        int start = at;
        do {
            if (!name()) {
                return Optional.empty();
            }
        } while (skip('.'));
        String name = text.substring(start, at);
        if (skip('*')) {
            return Optional.of(operator.variable(name, 0, true));
        }
        int most = skip(':') ? maxLength() : 0;
        return most < 0 ? Optional.empty() : Optional.of(operator.variable(name, most, false));
    }

    /** Consumes the part of a name between dots, at least one character. */
    private boolean name() {
        int start = at;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_') {
                at++;
            } else if (c == '%' && UriSymbols.isEncoded(text, at)) {
                at += 3;
            } else {
                break;
            }
        }
        return at > start;
    }

    /** 1 to 9999, or -1 if invalid. */
    private int maxLength() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        boolean valid = at > start && at - start <= MAX_LENGTH_DIGITS && text.charAt(start) != '0';
        return valid ? Integer.parseInt(text.substring(start, at)) : -1;
    }

    private boolean skip(char expected) {
        boolean there = at < text.length() && text.charAt(at) == expected;
        at += there ? 1 : 0;
        return there;
    }
}
