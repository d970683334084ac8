package dev.herald.soak;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.LongPredicate;

/**
 * One subscriber's view of a {@link RoundLog}: the events that it should receive. A place counts only these, an index
 * all events of the log. Immutable.
 */
final class View {
    private final RoundLog log;
    private final LongPredicate readable;
    private final int[] indexes;
    private final int[] placesBefore;
    private final Map<Long, Integer> places = new HashMap<>();

    /**
     * @param received whether it should receive the update of an attempt
     * @param readable whether it may read that update, whatever its selectors
     */
    View(RoundLog log, LongPredicate received, LongPredicate readable) {
        this.log = log;
        this.readable = readable;
        this.indexes = new int[log.size()];
        this.placesBefore = new int[log.size() + 1];
        int size = 0;
        for (int i = 0; i < log.size(); i++) {
            if (received.test(log.get(i).attempt())) {
                places.put(log.get(i).attempt(), size);
                indexes[size++] = i;
            }
            placesBefore[i + 1] = size;
        }
    }

    int size() {
        return placesBefore[log.size()];
    }

    /** @param place from 0, below the size */
    Stored get(int place) {
        return log.get(index(place));
    }

    /** Index in the log of the event at a place; -1 before the first. */
    int index(int place) {
        return place < 0 ? -1 : indexes[place];
    }

    /** Place of an attempt's update. */
    OptionalInt place(long attempt) {
        Integer place = places.get(attempt);
        return place == null ? OptionalInt.empty() : OptionalInt.of(place);
    }

    /** First place of the round. */
    int begin() {
        return placesBefore[log.begin()];
    }

    /** First place after the events that the log had at a time without doubt. */
    int dueUntil(long time) {
        return placesBefore[log.lengthAtLeast(time)];
    }

    /** First place whose event the log retains at a time without doubt. */
    int horizon(long time) {
        return placesBefore[log.horizonAtMost(time)];
    }

    /** Whether the event at an index may be gone at a time. */
    boolean mayBeGone(int index, long time) {
        return index < log.horizonAtMost(time);
    }

    /** Start after the earliest event with an id that is left and readable (PROTOCOL E5). */
    Start after(Arrival.Resumed resumed) {
        int first = -1;
        BitSet behindId = new BitSet();
        for (int i = log.horizonAtLeast(resumed.requestedAt()); i < log.size(); i++) {
            if (log.get(i).idHash() == resumed.idHash()
                    && readable.test(log.get(i).attempt())) {
                first = first < 0 ? i : first;
                behindId.set(placesBefore[i + 1]);
                if (!mayBeGone(i, resumed.openedAt())) {
                    return new Start(first, placesBefore[first + 1], placesBefore[i + 1], behindId);
                }
            }
        }
        // All may be gone: then the stream starts at the horizon, behind a gap.
        int horizon = log.horizonAtLeast(resumed.requestedAt());
        return new Start(horizon - 1, placesBefore[horizon], horizon(resumed.openedAt()), behindId);
    }

    /** Start with the latest events of the log; all that are retained if there are fewer. */
    Start latest(Arrival.Latest latest) {
        int low = Math.max(0, dueUntil(latest.requestedAt()) - latest.count());
        int high = placesBefore[log.lengthAtMost(latest.openedAt())] - latest.count();
        return new Start(index(low - 1), low, Math.max(high, horizon(latest.openedAt())), new BitSet());
    }

    /**
     * Possible places of the first event of a stream, which depend on when the hub looked it up.
     *
     * @param after lowest index that it may start after
     * @param low first possible place, inclusive
     * @param high last possible place, inclusive
     * @param behindId places behind an event with the requested id. If the one that the subscriber had is gone, another
     *     later one may be retained: then the stream continues there, without a gap.
     */
    record Start(int after, int low, int high, BitSet behindId) {}
}
