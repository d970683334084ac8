package dev.herald.log;

import java.util.List;

import dev.herald.event.Event;

/**
 * Range of the log, read for one subscriber.
 *
 * @param after start of the range, exclusive: the requested position, or a later one if retention has removed events
 *     after it
 * @param events selected events of the range, in order
 * @param through end of the range, inclusive: the last position considered, selected or not
 */
public record Page(long after, List<Event> events, long through) {
    public Page {
        events = List.copyOf(events);
    }

    /** Bytes that an event adds to a page: its size, or that of its frame where line breaks make it larger. */
    public static long bytes(Event event) {
        return Math.max(event.size(), event.frame().size());
    }
}
