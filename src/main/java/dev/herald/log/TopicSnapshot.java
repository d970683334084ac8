package dev.herald.log;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Snapshot of topics: the positions of the newest events of each topic that a reader selects, up to one position of the
 * log (PROTOCOL Q18). Has no events; {@link EventLog#read(TopicSnapshot, long, List, int)} reads them. Immutable.
 */
public final class TopicSnapshot {
    /** Maximum events. */
    public static final int MAX_EVENTS = 10_000;

    /** Estimated heap bytes of a search for the largest snapshot, its result included. */
    public static final long SEARCH_BYTES = 2L * (MAX_EVENTS + Builder.SPARE) * Long.BYTES;

    private static final long OBJECT_BYTES = 64;

    private final long asOf;
    private final long[] positions;
    private final boolean complete;

    /** @param positions ascending, each once */
    private TopicSnapshot(long asOf, long[] positions, boolean complete) {
        this.asOf = asOf;
        this.positions = positions;
        this.complete = complete;
    }

    /** Head of the log when the snapshot was taken: later events are not part of it. */
    public long asOf() {
        return asOf;
    }

    /**
     * Whether it has an event of each topic. Otherwise there are more than {@value #MAX_EVENTS} events, of which these
     * are the newest, or the log is damaged.
     */
    public boolean complete() {
        return complete;
    }

    /** Number of events. */
    public int size() {
        return positions.length;
    }

    /** Position to read from, exclusive: directly before the first event, or {@link #asOf()} without one. */
    public long start() {
        return positions.length == 0 ? asOf : positions[0] - 1;
    }

    /** Positions of the next events, ascending. */
    public List<Long> positions(long after, int limit) {
        int found = Arrays.binarySearch(positions, after);
        int first = found < 0 ? -found - 1 : found + 1;
        int end = (int) Math.min(positions.length, (long) first + limit);
        return LongStream.of(Arrays.copyOfRange(positions, first, end)).boxed().toList();
    }

    /** Whether it has an event in a range. */
    public boolean hasEvent(long after, long through) {
        List<Long> next = positions(after, 1);
        return !next.isEmpty() && next.get(0) <= through;
    }

    /** Estimated heap bytes. */
    public long heapBytes() {
        return OBJECT_BYTES + (long) positions.length * Long.BYTES;
    }

    /** Builder of a snapshot. Its memory is bounded, however many events are added. Not thread-safe. */
    public static final class Builder {
        /** Events that are added between two removals of the oldest ones. */
        private static final int SPARE = 2_000;

        private static final int SMALLEST = 64;

        private final long asOf;
        private long[] positions = new long[SMALLEST];
        private int size;
        private boolean complete = true;

        public Builder(long asOf) {
            this.asOf = asOf;
        }

        /** {@link TopicSnapshot#asOf()}. */
        public long asOf() {
            return asOf;
        }

        /** Adds an event, in any order; one that has several topics may be added several times. */
        public void add(long position) {
            if (size == MAX_EVENTS + SPARE) {
                sort();
            }
            if (size == positions.length) {
                positions = Arrays.copyOf(positions, Math.min(2 * size, MAX_EVENTS + SPARE));
            }
            positions[size++] = position;
        }

        /** Records that events may be missing. */
        public void incomplete() {
            complete = false;
        }

        /** Sorts the events, and drops the oldest ones above the maximum. */
        private void sort() {
            Arrays.sort(positions, 0, size);
            int kept = 0;
            for (int i = 0; i < size; i++) {
                if (kept == 0 || positions[i] != positions[kept - 1]) {
                    positions[kept++] = positions[i];
                }
            }
            size = Math.min(kept, MAX_EVENTS);
            if (kept > size) {
                System.arraycopy(positions, kept - size, positions, 0, size);
                complete = false;
            }
        }

        public TopicSnapshot build() {
            sort();
            return new TopicSnapshot(asOf, Arrays.copyOf(positions, size), complete);
        }
    }
}
