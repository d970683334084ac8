package dev.herald.log;

import java.util.List;

/**
 * Result of one backward search step.
 *
 * @param positions of the events found, descending
 * @param from last position considered, inclusive: earlier positions have not been searched; 1 at the beginning
 */
public record Lookback(List<Long> positions, long from) {
    /** Value of {@link #from} when nothing precedes it. */
    public static final long BEGINNING = 1;

    public Lookback {
        positions = List.copyOf(positions);
    }
}
