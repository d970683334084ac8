package dev.herald.selector;

import java.util.function.IntPredicate;

/**
 * A set of places in a text, of which 0 is before the first symbol. Immutable once made. Matching goes on from all places of a set
 * at once: a step costs O(length of the text / 64).
 */
final class MatchPositions {
    /** A bit for each place; all sets of one text have as many words. */
    private final long[] words;

    private MatchPositions(long[] words) {
        this.words = words;
    }

    /** The places of a text of that length for which the condition holds; the last one is behind the last symbol. */
    static MatchPositions where(int length, IntPredicate condition) {
        long[] words = new long[length / Long.SIZE + 1];
        for (int place = 0; place <= length; place++) {
            if (condition.test(place)) {
                words[place / Long.SIZE] |= 1L << place;
            }
        }
        return new MatchPositions(words);
    }

    /** No place of a text of that length. */
    static MatchPositions none(int length) {
        return new MatchPositions(new long[length / Long.SIZE + 1]);
    }

    /** Adds a place while the set is made: not to be called once others have the set. */
    void include(int place) {
        words[place / Long.SIZE] |= 1L << place;
    }

    /** A single place in a text of that length. */
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

    /** What is reached over one symbol that stands at one of the places {@code where}. */
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

    /** What is reached over any number of symbols, none included, that all stand at places {@code where}. */
    MatchPositions through(MatchPositions where) {
        long[] reached = new long[words.length];
        long carry = 0;
        for (int i = 0; i < reached.length; i++) {
            // Adding carries a bit through the run of ones in which it stands, to the first place behind the run.
            long run = where.words[i];
            long start = words[i] & run;
            long sum = run + start;
            long sumWithCarry = sum + carry;
            reached[i] = sumWithCarry ^ run | words[i];
            carry = Long.compareUnsigned(sum, run) < 0 || Long.compareUnsigned(sumWithCarry, sum) < 0 ? 1 : 0;
        }
        return new MatchPositions(reached);
    }

    /** As {@link #through(MatchPositions)}, over {@code most} symbols at most, 1 or more. */
    MatchPositions through(MatchPositions where, int most) {
        if (most >= words.length * Long.SIZE) {
            return through(where);
        }
        return through(where).and(near(most));
    }

    /** All places that are at most so far behind one of these. */
    private MatchPositions near(int most) {
        long[] near = words.clone();
        for (int covered = 0; covered < most; ) {
            int further = Math.min(covered + 1, most - covered);
            shiftInto(near, further);
            covered += further;
        }
        return new MatchPositions(near);
    }

    /** Adds to a set the places that are exactly so far behind its own. */
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
