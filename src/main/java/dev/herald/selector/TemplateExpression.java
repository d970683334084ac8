package dev.herald.selector;

import java.util.List;

/**
 * Expression of a URI Template (RFC 6570 §2.2), matched as the inverse of its expansion. Immutable.
 *
 * <p>A variable can be undefined, a string, a list or an associative array; each occurrence can have another value.
 */
record TemplateExpression(Operator operator, List<Variable> variables) implements TemplatePart {
    private static final char NOTHING = 0;
    private static final int[] NO_NAME = {};

    /** About the number of position sets created. */
    @Override
    public int steps() {
        return 1 + variables.stream().mapToInt(Variable::steps).sum();
    }

    @Override
    public long heapBytes() {
        // Two objects, and the array of the list.
        return 3 * OBJECT_BYTES
                + REFERENCE_BYTES * variables.size()
                + variables.stream().distinct().mapToLong(Variable::heapBytes).sum();
    }

    @Override
    public MatchPositions advance(UriText text, MatchPositions from) {
        text.recordWork(steps());
        MatchPositions begin = operator.first == NOTHING ? from : from.over(text.of(operator.first));
        MatchPositions reached = value(variables.get(0), text, begin);
        for (Variable variable : variables.subList(1, variables.size())) {
            MatchPositions next = reached.over(text.of(operator.separator));
            reached = reached.or(value(variable, text, begin.or(next)));
        }
        return from.or(reached);
    }

    /** Matches the expansion of a defined variable. */
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

    /**
     * Matches a string, or a list of items, or of names and values, separated by commas. A prefix is of a string only.
     */
    private static MatchPositions plain(Variable variable, UriText text, MatchPositions from) {
        return variable.limited() ? from.through(text.unreserved(), variable.most) : from.through(text.listed());
    }

    /** Matches items, or name-value pairs, separated by the operator's character. */
    private MatchPositions exploded(UriText text, MatchPositions from) {
        UriText.Pairs pairs = text.pairs(operator.separator);
        MatchPositions separators = text.of(operator.separator);
        if (operator.bareWhenEmpty) {
            return from.through(pairs.inside().or(separators));
        }
        // Text before the first equals sign belongs to no pair; after it, the text determines where each pair ends.
        MatchPositions values = from.through(text.unreserved()).over(text.of('='));
        MatchPositions reached = values.through(pairs.inside()).and(pairs.ends());
        return operator.named
                ? reached
                : reached.or(from.through(text.unreserved().or(separators)));
    }

    /** Operators of expressions (RFC 6570, appendix A). */
    enum Operator {
        SIMPLE(NOTHING, NOTHING, ',', false, false, false),
        RESERVED('+', NOTHING, ',', true, false, false),
        FRAGMENT('#', '#', ',', true, false, false),
        LABEL('.', '.', '.', false, false, false),
        PATH('/', '/', '/', false, false, false),
        PARAMETER(';', ';', ';', false, true, true),
        QUERY('?', '?', '&', false, true, false),
        CONTINUATION('&', '&', '&', false, true, false);

        /** Operator character, if it has one. */
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

        /** Creates a variable for this operator: most do not write its name. */
        Variable variable(String name, int most, boolean explode) {
            return new Variable(named ? UriSymbols.of(name) : NO_NAME, most, explode);
        }
    }

    /**
     * Variable of an expression.
     *
     * @param name symbols of its name, if that is written
     * @param most maximum length in characters (modifier {@code :}), 0 for unlimited
     * @param explode whether items are written like separate variables (modifier {@code *})
     */
    record Variable(int[] name, int most, boolean explode) {
        boolean limited() {
            return most > 0;
        }

        private long heapBytes() {
            return OBJECT_BYTES + TemplatePart.symbolBytes(name);
        }

        private int steps() {
            // A limit costs a run, and a shift for each doubling up to it.
            int value = explode ? 6 : limited() ? 2 + Integer.SIZE - Integer.numberOfLeadingZeros(most) : 1;
            return 1 + name.length + value;
        }
    }
}
