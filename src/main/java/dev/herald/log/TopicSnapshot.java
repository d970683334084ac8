package dev.herald.log;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Snapshot of topics: the positions of the newest events of each topic that a reader selects, up to one position of the
 * log (PROTOCOL Q18). Has no events; {@link EventLog#read(TopicSnapshot, long, List, int)} reads them. Immutable.
 */
public final class TopicSnapshot {
    /** Maximum topics, and so maximum events. */
    public static final int MAX_TOPICS = 10_000;

    /** Estimated heap bytes of a search for the largest snapshot: its result, and a set of hashes of its topics. */
    public static final long SEARCH_BYTES = 2L * (MAX_TOPICS + Builder.SPARE) * Long.BYTES + 200_000;

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
     * Whether it has an event of each topic. Otherwise there are more than {@value #MAX_TOPICS} topics, of which it has
     * those with the newest events, or the log is damaged.
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
        /** Topics that are added between two removals of the oldest ones. */
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

        /** Adds the newest event of a topic, in any order; one that has several topics is added for each of them. */
        public void add(long position) {
            if (size == MAX_TOPICS + SPARE) {
                sort();
            }
            if (size == positions.length) {
                positions = Arrays.copyOf(positions, Math.min(2 * size, MAX_TOPICS + SPARE));
            }
            positions[size++] = position;
        }

        /** Records that events may be missing. */
        public void incomplete() {
            complete = false;
        }

        /** Sorts the topics by their events, and drops those with the oldest ones above the maximum. */
        private void sort() {
            Arrays.sort(positions, 0, size);
            int excess = size - MAX_TOPICS;
            if (excess > 0) {
                System.arraycopy(positions, excess, positions, 0, MAX_TOPICS);
                size = MAX_TOPICS;
                complete = false;
            }
        }

        public TopicSnapshot build() {
            sort();
            long[] distinct = LongStream.of(positions).limit(size).distinct().toArray();
            return new TopicSnapshot(asOf, distinct, complete);
        }
    }
}
