package dev.herald.event;

import java.math.BigInteger;
import java.util.List;

/**
 * What stands between braces in a URI Template (RFC 6570 §2.2): how it expands, read backwards. Immutable.
 *
 * <p>A variable can be undefined, a string, a list or an associative array; each time it occurs it can be another value.
 */
record Expression(Operator operator, List<Variable> variables) implements UriTemplate.Part {

    @Override
    public BigInteger advance(UriText text, BigInteger from) {
        BigInteger reached = Places.NONE;
        for (Variable variable : variables) {
            BigInteger begin = operator.first == 0 ? from : Places.over(operator.first, text, from);
            BigInteger next = Places.over(operator.separator, text, reached);
            reached = reached.or(value(variable, text, begin.or(next)));
        }
        return from.or(reached);
    }

    /** Over what a variable expands to that has a value. */
    private BigInteger value(Variable variable, UriText text, BigInteger from) {
        if (from.signum() == 0) {
            return Places.NONE;
        }
        if (operator.reserved) {
            return variable.limited()
                    ? Places.within(text.reserved(), variable.most, from)
                    : Places.within(text.reserved(), from);
        }
        if (variable.explode) {
            return exploded(text, from);
        }
        if (!operator.named) {
            return plain(variable, text, from);
        }
        BigInteger named = Places.over(variable.name, text, from);
        BigInteger reached = plain(variable, text, Places.over('=', text, named));
        return operator.bareWhenEmpty ? named.or(reached) : reached;
    }

    /** A string, or a list whose items, or names and values, are separated by commas; a prefix is of a string only. */
    private static BigInteger plain(Variable variable, UriText text, BigInteger from) {
        return variable.limited()
                ? Places.within(text.unreserved(), variable.most, from)
                : Places.within(text.listed(), from);
    }

    /** Items, or pairs of name and value, that the operator's own character separates. */
    private BigInteger exploded(UriText text, BigInteger from) {
        UriText.Pairs pairs = text.pairs(operator.separator);
        if (operator.bareWhenEmpty) {
            return Places.within(pairs.inside().or(text.places(operator.separator)), from);
        }
        BigInteger firstValues = Places.over('=', text, Places.within(text.unreserved(), from));
        BigInteger reached = Places.within(pairs.inside(), firstValues).and(pairs.ends());
        if (operator.named) {
            return reached;
        }
        BigInteger items = text.unreserved().or(text.places(operator.separator));
        return reached.or(Places.within(items, from));
    }

    /** The kinds of expression (RFC 6570, appendix A). */
    enum Operator {
        SIMPLE((char) 0, (char) 0, ',', false, false, false),
        RESERVED('+', (char) 0, ',', true, false, false),
        FRAGMENT('#', '#', ',', true, false, false),
        LABEL('.', '.', '.', false, false, false),
        PATH('/', '/', '/', false, false, false),
        PARAMETER(';', ';', ';', false, true, true),
        QUERY('?', '?', '&', false, true, false),
        CONTINUATION('&', '&', '&', false, true, false);

        /** How it is written, 0 for nothing. */
        final char sign;

        private final char first;
        private final char separator;
        private final boolean reserved;
        private final boolean named;
        private final boolean bareWhenEmpty;

        Operator(char sign, char first, char separator, boolean reserved, boolean named, boolean bareWhenEmpty) {
            this.sign = sign;
            this.first = first;
            this.separator = separator;
            this.reserved = reserved;
            this.named = named;
            this.bareWhenEmpty = bareWhenEmpty;
        }
    }

    /**
     * A variable as it is written in an expression.
     *
     * @param name its symbols
     * @param most how many characters of it at most (modifier {@code :}), 0 for all
     * @param explode whether items are written as if they were variables of their own (modifier {@code *})
     */
    record Variable(int[] name, int most, boolean explode) {
        boolean limited() {
            return most > 0;
        }
    }
}
