package dev.herald.selector;

import java.util.List;

/**
 * What stands between braces in a URI Template (RFC 6570 §2.2): how it expands, read backwards. Immutable.
 *
 * <p>A variable can be undefined, a string, a list or an associative array; each time it occurs it can be another value.
 */
record TemplateExpression(Operator operator, List<Variable> variables) implements TemplatePart {
    private static final char NOTHING = 0;
    private static final int[] NO_NAME = {};

    /** About the number of sets of places that are made. */
    @Override
    public int steps() {
        return 1 + variables.stream().mapToInt(Variable::steps).sum();
    }

    @Override
    public MatchPositions advance(UriText text, MatchPositions from) {
        text.worked(steps());
        MatchPositions begin = operator.first == NOTHING ? from : from.over(text.of(operator.first));
        MatchPositions reached = value(variables.get(0), text, begin);
        for (Variable variable : variables.subList(1, variables.size())) {
            MatchPositions next = reached.over(text.of(operator.separator));
            reached = reached.or(value(variable, text, begin.or(next)));
        }
        return from.or(reached);
    }

    /** Over what a variable expands to that has a value. */
    private MatchPositions value(Variable variable, UriText text, MatchPositions from) {
        if (from.isEmpty()) {
            return from;
        }
        if (operator.reserved) {
            return variable.limited() ? from.through(text.reserved(), variable.most) : from.through(text.reserved());
        }
        if (variable.explode) {
            return exploded(text, from);
        }
        if (!operator.named) {
            return plain(variable, text, from);
        }
        MatchPositions named = text.over(variable.name, from);
        MatchPositions reached = plain(variable, text, named.over(text.of('=')));
        return operator.bareWhenEmpty ? named.or(reached) : reached;
    }

    /** A string, or a list whose items, or names and values, are separated by commas; a prefix is of a string only. */
    private static MatchPositions plain(Variable variable, UriText text, MatchPositions from) {
        return variable.limited() ? from.through(text.unreserved(), variable.most) : from.through(text.listed());
    }

    /** Items, or pairs of name and value, that the operator's own character separates. */
    private MatchPositions exploded(UriText text, MatchPositions from) {
        UriText.Pairs pairs = text.pairs(operator.separator);
        MatchPositions separators = text.of(operator.separator);
        if (operator.bareWhenEmpty) {
            return from.through(pairs.inside().or(separators));
        }
        // What stands before a first equals sign is no pair's business; behind it the text says where each pair ends.
        MatchPositions values = from.through(text.unreserved()).over(text.of('='));
        MatchPositions reached = values.through(pairs.inside()).and(pairs.ends());
        return operator.named
                ? reached
                : reached.or(from.through(text.unreserved().or(separators)));
    }

    /** The kinds of expression (RFC 6570, appendix A). */
    enum Operator {
        SIMPLE(NOTHING, NOTHING, ',', false, false, false),
        RESERVED('+', NOTHING, ',', true, false, false),
        FRAGMENT('#', '#', ',', true, false, false),
        LABEL('.', '.', '.', false, false, false),
        PATH('/', '/', '/', false, false, false),
        PARAMETER(';', ';', ';', false, true, true),
        QUERY('?', '?', '&', false, true, false),
        CONTINUATION('&', '&', '&', false, true, false);

        /** How it is written, if it is. */
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

        /** A variable as this operator needs it: most do not write its name. */
        Variable variable(String name, int most, boolean explode) {
            return new Variable(named ? UriSymbols.of(name) : NO_NAME, most, explode);
        }
    }

    /**
     * A variable as it is written in an expression.
     *
     * @param name the symbols of its name, if that is written
     * @param most how many characters of it at most (modifier {@code :}), 0 for all
     * @param explode whether items are written as if they were variables of their own (modifier {@code *})
     */
    record Variable(int[] name, int most, boolean explode) {
        boolean limited() {
            return most > 0;
        }

        private int steps() {
            // A limit is a run, and a shift for each doubling up to it.
            int value = explode ? 6 : limited() ? 2 + Integer.SIZE - Integer.numberOfLeadingZeros(most) : 1;
            return 1 + name.length + value;
        }
    }
}
