package dev.herald.log;

import java.util.List;

/**
 * What one look back over the log has found.
 *
 * @param positions of the events found, falling
 * @param from the last position considered, inclusive: what stands before it is still to be looked at; 1 when nothing is
 */
public record Lookback(List<Long> positions, long from) {
    /** Of {@link #from}: there is nothing before. */
    public static final long BEGINNING = 1;

    public Lookback {
        positions = List.copyOf(positions);
    }
}
