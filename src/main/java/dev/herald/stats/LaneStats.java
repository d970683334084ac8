package dev.herald.stats;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.herald.event.Event;

/**
 * Counters of one lane. Its thread writes them: an addition to a field for each delivery, a clock read for each turn.
 * Any thread reads them.
 */
public final class LaneStats {
    /** Period of {@link #lag()} and {@link #tickDelayNanos()}: longer than that of most scrapes. */
    private static final Duration PERIOD = Duration.ofSeconds(30);

    private final Clock clock = Clock.systemUTC();
    private final SingleWriterCounters<LaneCounter> counters = new SingleWriterCounters<>(LaneCounter.values());
    private final SingleWriterCounters<StreamEnd> ends = new SingleWriterCounters<>(StreamEnd.values());
    private final LatencyHistogram publicLatencies = new LatencyHistogram();
    private final LatencyHistogram privateLatencies = new LatencyHistogram();
    private final RecentMaximum lag;
    private final RecentMaximum tickDelay;

    /** Events enqueued in this turn; each is offered to all streams before the next. */
    private final List<Event> enqueued = new ArrayList<>();

    private Event last;

    /** Deliveries of this turn, published to the counters at its end. */
    private long publicLive;

    private long privateLive;
    private long liveWrites;

    /** @param now by {@link System#nanoTime()} */
    public LaneStats(long now) {
        lag = new RecentMaximum(PERIOD.toNanos(), now);
        tickDelay = new RecentMaximum(PERIOD.toNanos(), now);
    }

    /** Counts an event that a stream has enqueued, to be written at the end of the turn. */
    public void enqueued(Event event) {
        if (event.isPrivate()) {
            privateLive++;
        } else {
            publicLive++;
        }
        if (event != last) {
            last = event;
            enqueued.add(event);
        }
    }

    /** Number of deliveries enqueued since the last {@link #flushed()}. */
    public long enqueuedSinceFlush() {
        return publicLive + privateLive;
    }

    /** Counts a write of the events that one stream has enqueued in this turn. */
    public void written() {
        liveWrites++;
    }

    /** Publishes the counts of a turn, and records latencies after its writes. */
    public void flushed() {
        if (enqueued.isEmpty()) {
            return;
        }
        counters.add(LaneCounter.PUBLIC_LIVE, publicLive);
        counters.add(LaneCounter.PRIVATE_LIVE, privateLive);
        counters.add(LaneCounter.LIVE_WRITES, liveWrites);
        publicLive = 0;
        privateLive = 0;
        liveWrites = 0;
        Instant now = clock.instant();
        for (Event event : enqueued) {
            (event.isPrivate() ? privateLatencies : publicLatencies)
                    .add(Duration.between(event.acceptedAt(), now).toNanos() / 1_000);
        }
        enqueued.clear();
        last = null;
    }

    /** Counts events replayed to a stream as one write. */
    public void replayed(List<Event> events) {
        for (Event event : events) {
            counters.increment(event.isPrivate() ? LaneCounter.PRIVATE_REPLAYED : LaneCounter.PUBLIC_REPLAYED);
        }
        if (!events.isEmpty()) {
            counters.increment(LaneCounter.REPLAY_WRITES);
        }
    }

    public void increment(LaneCounter counter) {
        counters.increment(counter);
    }

    public void add(LaneCounter counter, long change) {
        counters.add(counter, change);
    }

    public void set(LaneCounter counter, long value) {
        counters.set(counter, value);
    }

    /** Counts a stream that has ended. */
    public void ended(StreamEnd reason) {
        ends.increment(reason);
    }

    /** Records how far a stream that is catching up is behind the lane, in positions. */
    public void behind(long positions, long now) {
        lag.record(positions, now);
    }

    /** Records a tick of the lane's timers: how late it came. */
    public void ticked(long delayNanos, long now) {
        tickDelay.record(delayNanos, now);
        lag.record(0, now);
    }

    /** Thread-safe. */
    public long get(LaneCounter counter) {
        return counters.get(counter);
    }

    /** Thread-safe. */
    public long get(StreamEnd reason) {
        return ends.get(reason);
    }

    /** Greatest distance of a stream that is catching up, in positions, of the last minute at most. Thread-safe. */
    public long lag() {
        return lag.get();
    }

    /** Greatest delay of a timer of the last minute at most, in nanoseconds. Thread-safe. */
    public long tickDelayNanos() {
        return tickDelay.get();
    }

    /** Snapshot of the counters of events. Thread-safe. */
    public HubStats snapshot() {
        return new HubStats(
                new EventStats(
                        0, get(LaneCounter.PUBLIC_LIVE) + get(LaneCounter.PUBLIC_REPLAYED), publicLatencies.copy()),
                new EventStats(
                        0, get(LaneCounter.PRIVATE_LIVE) + get(LaneCounter.PRIVATE_REPLAYED), privateLatencies.copy()));
    }
}
