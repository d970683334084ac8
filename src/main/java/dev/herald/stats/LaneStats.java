package dev.herald.stats;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.herald.event.Event;

/**
 * Counters of one lane's deliveries. Costs an addition a delivery, and a clock read a turn. Belongs to the lane's
 * thread.
 */
public final class LaneStats {
    private final Clock clock = Clock.systemUTC();
    private final Kind open = new Kind();
    private final Kind hidden = new Kind();

    /** Events taken in this turn; each is offered to all streams before the next. */
    private final List<Event> taken = new ArrayList<>();

    private Event last;

    /** Counts an event taken by a stream, to be written at the end of the turn. */
    public void took(Event event) {
        kind(event).delivered++;
        if (event != last) {
            last = event;
            taken.add(event);
        }
    }

    /** Records latencies after the write. */
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

    /** Counts events replayed to a stream. */
    public void replayed(List<Event> events) {
        events.forEach(event -> kind(event).delivered++);
    }

    /** Snapshot of the counters. */
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
