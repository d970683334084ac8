package dev.herald.log.local;

import java.util.Comparator;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.LongStream;

import dev.herald.event.Event;
import dev.herald.event.EventId;

/**
 * Positions of events by id, of which several events may have the same. Thread-safe. Each change costs O(log n), however
 * often an id was used.
 */
final class PositionsById {
    private static final Comparator<Entry> ORDER =
            Comparator.comparing(Entry::id).thenComparingLong(Entry::position);

    private final NavigableSet<Entry> entries = new ConcurrentSkipListSet<>(ORDER);

    void add(Event event) {
        entries.add(Entry.of(event));
    }

    void remove(Event event) {
        entries.remove(Entry.of(event));
    }

    /** The positions of the events with an id, ascending. Changes meanwhile may be missing. */
    LongStream of(EventId id) {
        return entries.tailSet(new Entry(id.value(), Long.MIN_VALUE), true).stream()
                .takeWhile(entry -> entry.id.equals(id.value()))
                .mapToLong(Entry::position);
    }

    private record Entry(String id, long position) {
        static Entry of(Event event) {
            return new Entry(event.id().value(), event.position());
        }
    }
}
