package dev.herald.log;

import java.util.List;

import dev.herald.event.Event;

/**
 * A stretch of the log as read for one subscriber.
 *
 * @param after where the stretch begins, exclusive: the position asked for, or a later one when retention has removed
 *     events after the position asked for
 * @param events the selected events of the stretch, in order
 * @param through where the stretch ends, inclusive: the last position considered, selected or not
 */
public record Page(long after, List<Event> events, long through) {
    public Page {
        events = List.copyOf(events);
    }

    /** What an event adds to a page, in bytes: its size, or that of its frame where line breaks make it larger. */
    public static long bytes(Event event) {
        return Math.max(event.size(), event.frame().size());
    }
}
