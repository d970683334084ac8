package dev.herald.stats;

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
public final class LaneStats {
    private final Clock clock = Clock.systemUTC();
    private final Kind open = new Kind();
    private final Kind hidden = new Kind();

    /** Of this turn, those that somebody took; each is offered to all before the next. */
    private final List<Event> taken = new ArrayList<>();

    private Event last;

    /** A stream has taken an event that will be written at the end of the turn. */
    public void took(Event event) {
        kind(event).delivered++;
        if (event != last) {
            last = event;
            taken.add(event);
        }
    }

    /** What was taken has been written. */
    public void wrote() {
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
    public void replayed(List<Event> events) {
        events.forEach(event -> kind(event).delivered++);
    }

    /** A copy of what was counted. */
    public HubStats activity() {
        return new HubStats(open.counts(), hidden.counts());
    }

    private Kind kind(Event event) {
        return event.isPrivate() ? hidden : open;
    }

    private static final class Kind {
        private final LatencyHistogram latencies = new LatencyHistogram();
        private long delivered;

        EventStats counts() {
            return new EventStats(0, delivered, latencies.copy());
        }
    }
}
