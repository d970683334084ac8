package dev.herald.selector;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Name of a topic as {@linkplain UriSymbols symbols}, with cached position sets for matching. Each set is computed in
 * O(length) on first use. Not thread-safe.
 */
final class UriText {
    /** Cost of a step besides the words of a set. */
    private static final int STEP_UNITS = 8;

    /** Cost of reading one symbol. */
    private static final long LOOK_UNITS = 2;

    private final String text;
    private MatchPositions[] ascii;
    private final Map<Character, Pairs> pairs = new HashMap<>();
    private Map<Integer, MatchPositions> others;
    private MatchPositions none;
    private int[] symbols;
    private MatchPositions unreserved;
    private MatchPositions listed;
    private MatchPositions reserved;
    private long work;

    UriText(String text) {
        this.text = text;
    }

    /** The original text. */
    @Override
    public String toString() {
        return text;
    }

    /** Fast check of prefix and suffix; {@link #endsWith} is exact. */
    boolean mayMatch(String prefix, String suffix) {
        return text.length() >= prefix.length() + suffix.length() && text.startsWith(prefix) && text.endsWith(suffix);
    }

    /** Whether the last symbols are these ASCII characters: {@code %ab} does not end with {@code ab}. */
    boolean endsWith(String suffix) {
        int start = length() - suffix.length();
        for (int i = 0; start >= 0 && i < suffix.length(); i++) {
            if (symbols()[start + i] != suffix.charAt(i)) {
                return false;
            }
        }
        return start >= 0;
    }

    /** Number of symbols. */
    int length() {
        return symbols().length;
    }

    /** Positions reached over exactly these symbols. */
    MatchPositions over(int[] expected, MatchPositions from) {
        MatchPositions reached = from;
        int steps = 0;
        while (steps < expected.length && !reached.isEmpty()) {
            reached = reached.over(of(expected[steps++]));
        }
        recordWork(steps);
        return reached;
    }

    /** Records steps over the whole text. */
    void recordWork(int steps) {
        work += (long) steps * (STEP_UNITS + length() / Long.SIZE);
    }

    /** Work since the last call, in units of {@link MatchBudget}. */
    long drainWork() {
        long done = work;
        work = 0;
        return done;
    }

    /** Positions of a symbol. */
    MatchPositions of(int symbol) {
        if (ascii == null) {
            findAll();
        }
        if (symbol >= UriSymbols.END_OF_ASCII) {
            return others.getOrDefault(symbol, none);
        }
        return ascii[symbol] == null ? none : ascii[symbol];
    }

    /** Indexes all symbols at once: templates may ask for so many that each must cost O(1). */
    private void findAll() {
        ascii = new MatchPositions[UriSymbols.END_OF_ASCII];
        others = new HashMap<>();
        none = MatchPositions.none(length());
        for (int i = 0; i < symbols.length; i++) {
            int symbol = symbols[i];
            if (symbol >= UriSymbols.END_OF_ASCII) {
                others.computeIfAbsent(symbol, s -> MatchPositions.none(length()))
                        .include(i);
            } else {
                if (ascii[symbol] == null) {
                    ascii[symbol] = MatchPositions.none(length());
                }
                ascii[symbol].include(i);
            }
        }
        // Other characters cost in proportion to their distinct number.
        work += symbols.length * LOOK_UNITS + (long) others.size() * (STEP_UNITS + length() / Long.SIZE);
    }

    /** Positions of symbols that a value expands to. */
    MatchPositions unreserved() {
        if (unreserved == null) {
            unreserved = where(i -> UriSymbols.isUnreserved(symbols[i]));
        }
        return unreserved;
    }

    /** Positions of symbols that values expand to, and of the commas between. */
    MatchPositions listed() {
        if (listed == null) {
            listed = unreserved().or(of(','));
        }
        return listed;
    }

    /** Positions of symbols that a value expands to when reserved characters are not encoded. */
    MatchPositions reserved() {
        if (reserved == null) {
            reserved = unreserved().or(where(i -> UriSymbols.isReserved(symbols[i])));
        }
        return reserved;
    }

    /** Positions of pairs, such as {@code a=1,b=2}, with this separator. */
    Pairs pairs(char separator) {
        return pairs.computeIfAbsent(separator, this::findPairs);
    }

    private Pairs findPairs(char separator) {
        work += 4 * length() * LOOK_UNITS;
        boolean partOfValues = UriSymbols.isUnreserved(separator);
        boolean[] inside = new boolean[length() + 1];
        boolean[] end = new boolean[length() + 1];
        boolean inValue = false;
        for (int i = 0; i < symbols.length; i++) {
            end[i] = inValue || partOfValues;
            if (symbols[i] == separator) {
                inside[i] = inValue || partOfValues;
                inValue = false;
            } else if (symbols[i] == '=') {
                inside[i] = !inValue;
                inValue = true;
            } else {
                inside[i] = UriSymbols.isUnreserved(symbols[i]);
            }
        }
        end[symbols.length] = inValue || partOfValues;
        return new Pairs(MatchPositions.where(length(), i -> inside[i]), MatchPositions.where(length(), i -> end[i]));
    }

    private MatchPositions where(IntPredicate condition) {
        int length = length();
        work += length * LOOK_UNITS;
        return MatchPositions.where(length, place -> place < length && condition.test(place));
    }

    private int[] symbols() {
        if (symbols == null) {
            symbols = UriSymbols.of(text);
            work += text.length() * LOOK_UNITS;
        }
        return symbols;
    }

    /**
     * Positions of pairs with one separator.
     *
     * @param inside symbols that continue pairs, each with one equals sign, after the start of a first value
     * @param ends positions before which a pair may end
     */
    record Pairs(MatchPositions inside, MatchPositions ends) {}
}
