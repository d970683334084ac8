package dev.herald.selector;

import java.util.function.IntPredicate;

/**
 * Immutable bit set of positions in a text; position 0 is before the first symbol. Matching advances all positions of a
 * set at once: a step costs O(length of the text / 64).
 */
final class MatchPositions {
    /** One bit a position; all sets of one text have equally many words. */
    private final long[] words;

    private MatchPositions(long[] words) {
        this.words = words;
    }

    /** Positions of a text for which the condition is true; the last one is after the last symbol. */
    static MatchPositions where(int length, IntPredicate condition) {
        long[] words = new long[length / Long.SIZE + 1];
        for (int place = 0; place <= length; place++) {
            if (condition.test(place)) {
                words[place / Long.SIZE] |= 1L << place;
            }
        }
        return new MatchPositions(words);
    }

    /** Empty set for a text of this length. */
    static MatchPositions none(int length) {
        return new MatchPositions(new long[length / Long.SIZE + 1]);
    }

    /** Adds a position during construction: never call it on a shared set. */
    void include(int place) {
        words[place / Long.SIZE] |= 1L << place;
    }

    /** Single position in a text of this length. */
    static MatchPositions at(int place, int length) {
        long[] words = new long[length / Long.SIZE + 1];
        words[place / Long.SIZE] = 1L << place;
        return new MatchPositions(words);
    }

    boolean contains(int place) {
        return (words[place / Long.SIZE] & 1L << place) != 0;
    }

    boolean isEmpty() {
        for (long word : words) {
            if (word != 0) {
                return false;
            }
        }
        return true;
    }

    MatchPositions and(MatchPositions other) {
        long[] both = new long[words.length];
        for (int i = 0; i < both.length; i++) {
            both[i] = words[i] & other.words[i];
        }
        return new MatchPositions(both);
    }

    MatchPositions or(MatchPositions other) {
        long[] either = new long[words.length];
        for (int i = 0; i < either.length; i++) {
            either[i] = words[i] | other.words[i];
        }
        return new MatchPositions(either);
    }

    /** Positions reached over one symbol that is in {@code where}. */
    MatchPositions over(MatchPositions where) {
        long[] reached = new long[words.length];
        long carry = 0;
        for (int i = 0; i < reached.length; i++) {
            long over = words[i] & where.words[i];
            reached[i] = over << 1 | carry;
            carry = over >>> Long.SIZE - 1;
        }
        return new MatchPositions(reached);
    }

    /** Positions reached over zero or more symbols that are all in {@code where}. */
    MatchPositions through(MatchPositions where) {
        long[] reached = new long[words.length];
        long carry = 0;
        for (int i = 0; i < reached.length; i++) {
            // Addition carries a bit through its run of ones, to the first position after the run.
            long run = where.words[i];
            long start = words[i] & run;
            long sum = run + start;
            long sumWithCarry = sum + carry;
            reached[i] = sumWithCarry ^ run | words[i];
            carry = Long.compareUnsigned(sum, run) < 0 || Long.compareUnsigned(sumWithCarry, sum) < 0 ? 1 : 0;
        }
        return new MatchPositions(reached);
    }

    /** As {@link #through(MatchPositions)}, over at most {@code most} symbols, 1 or more. */
    MatchPositions through(MatchPositions where, int most) {
        if (most >= words.length * Long.SIZE) {
            return through(where);
        }
        return through(where).and(near(most));
    }

    /** Positions at most this far after one of these. */
    private MatchPositions near(int most) {
        long[] near = words.clone();
        for (int covered = 0; covered < most; ) {
            int further = Math.min(covered + 1, most - covered);
            shiftInto(near, further);
            covered += further;
        }
        return new MatchPositions(near);
    }

    /** Adds the positions exactly this far after those of a set. */
    private static void shiftInto(long[] set, int distance) {
        int whole = distance / Long.SIZE;
        int rest = distance % Long.SIZE;
        for (int i = set.length - 1; i >= whole; i--) {
            long shifted = set[i - whole] << rest;
            if (rest > 0 && i > whole) {
                shifted |= set[i - whole - 1] >>> Long.SIZE - rest;
            }
            set[i] |= shifted;
        }
    }
}
