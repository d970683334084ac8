package dev.herald.hub;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.herald.event.Event;

/**
 * What one lane has handed out, counted as it goes: an addition a delivery, a look at the clock a turn. Belongs to the
 * lane's thread.
 */
final class Tally {
    private final Clock clock = Clock.systemUTC();
    private final Kind open = new Kind();
    private final Kind hidden = new Kind();

    /** Of this turn, those that somebody took; each is offered to all before the next. */
    private final List<Event> taken = new ArrayList<>();

    private Event last;

    /** A stream has taken an event that will be written at the end of the turn. */
    void took(Event event) {
        kind(event).delivered++;
        if (event != last) {
            last = event;
            taken.add(event);
        }
    }

    /** What was taken has been written. */
    void wrote() {
        if (taken.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        for (Event event : taken) {
            kind(event).latencies.add(Duration.between(event.acceptedAt(), now).toNanos() / 1_000);
        }
        taken.clear();
        last = null;
    }

    /** Events of the past have been written to a stream. */
    void replayed(List<Event> events) {
        events.forEach(event -> kind(event).delivered++);
    }

    /** A copy of what was counted. */
    Activity activity() {
        return new Activity(open.counts(), hidden.counts());
    }

    private Kind kind(Event event) {
        return event.isPrivate() ? hidden : open;
    }

    private static final class Kind {
        private final Latencies latencies = new Latencies();
        private long delivered;

        Counts counts() {
            return new Counts(0, delivered, latencies.copy());
        }
    }
}
