package dev.herald.event;

import java.math.BigInteger;

/**
 * Steps from places in a {@link UriText} to the places reached from them: a bit for each place, the lowest before the
 * first symbol. Each step is taken from all places at once.
 */
final class Places {
    static final BigInteger NONE = BigInteger.ZERO;
    static final BigInteger START = BigInteger.ONE;

    private Places() {}

    /** Over exactly these symbols. */
    static BigInteger over(int[] symbols, UriText text, BigInteger from) {
        BigInteger reached = from;
        for (int i = 0; i < symbols.length && reached.signum() != 0; i++) {
            reached = over(symbols[i], text, reached);
        }
        return reached;
    }

    /** Over one symbol. */
    static BigInteger over(int symbol, UriText text, BigInteger from) {
        return from.and(text.places(symbol)).shiftLeft(1);
    }

    /** Over any number of symbols, none included, at places of the set {@code inside}. */
    static BigInteger within(BigInteger inside, BigInteger from) {
        // Adding carries a bit from the place it stands at through the run of ones to the first place behind it.
        BigInteger carried = from.and(inside).add(inside);
        return carried.xor(inside).or(from);
    }

    /** Over at most so many symbols, none included, at places of the set {@code inside}; {@code most} is 1 or more. */
    static BigInteger within(BigInteger inside, int most, BigInteger from) {
        // Follows the binary digits of the number: from what is reached in k steps to 2k, or 2k + 1.
        BigInteger reached = from.or(from.and(inside).shiftLeft(1));
        BigInteger runs = inside;
        int steps = 1;
        for (int digit = Integer.highestOneBit(most) >> 1; digit > 0; digit >>= 1) {
            reached = reached.or(reached.and(runs).shiftLeft(steps));
            runs = runs.and(runs.shiftRight(steps));
            steps *= 2;
            if ((most & digit) != 0) {
                reached = reached.or(reached.and(inside).shiftLeft(1));
                runs = runs.and(inside.shiftRight(steps));
                steps++;
            }
        }
        return reached;
    }
}
