package dev.herald.hub;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;

import dev.herald.event.Event;
import dev.herald.hub.Subscriber.State;
import dev.herald.log.EventLog;
import dev.herald.log.RecentEvents;
import dev.herald.logging.SafeLogger;
import dev.herald.loop.Loop;
import dev.herald.loop.TimeSlicedQueue;
import dev.herald.replay.Replay;
import dev.herald.stats.LaneCounter;
import dev.herald.stats.LaneStats;
import dev.herald.stats.StreamEnd;
import dev.herald.tracing.DeliveryTraces;

/**
 * Subscribers of one event loop, and the loop's delivery position in the log. All state belongs to that loop: no locks,
 * and no step blocks. Methods for any thread are marked.
 *
 * <p>The lane never fails and queues no events. If its position falls out of the recent events, its subscribers catch
 * up from the log.
 */
final class Lane implements Subscriber.Owner {
    private static final SafeLogger LOG = SafeLogger.of(Lane.class);

    private final Loop loop;
    private final RecentEvents recent;
    private final CatchUp catchUp;
    private final Admission admission;
    private final SubscriberTimers timers;
    private final Future<?> ticker;
    private final FanOut fanOut;
    private final StreamLifecycle streams;
    private final TimeSlicedQueue slices;
    private final Doorbell doorbell;
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private boolean draining;
    private long now = System.nanoTime();
    private final LaneStats stats = new LaneStats(now);
    private volatile long tickedAt = now;
    private volatile int size;
    private volatile long selectorBytes;

    Lane(
            EventExecutor loop,
            EventLog log,
            Replay replay,
            ControlFrames controlFrames,
            SubscriptionListener subscriptions,
            Admission admission,
            SseConfig config,
            DeliveryTraces traces,
            BooleanSupplier stopping) {
        this.loop = new Loop(loop);
        this.slices = new TimeSlicedQueue(this.loop::executeAfterIo);
        this.doorbell = new Doorbell(this.loop::execute, this::turn);
        this.recent = log.recent();
        this.catchUp = new CatchUp(this, recent, replay, controlFrames);
        this.admission = admission;
        this.timers = new SubscriberTimers(this, controlFrames, config, now);
        this.fanOut = new FanOut(this, recent, stats, traces, replay.envelopes());
        this.streams = new StreamLifecycle(this, fanOut, admission, recent, controlFrames, subscriptions, stopping);
        this.ticker = this.loop.every(timers.tickNanos(), this::tick);
    }

    /** Schedules delivery of new log events. Thread-safe, never throws. The next tick finds a missed call. */
    void ring() {
        doorbell.ring();
    }

    /** Runs the task on the loop: at once on its thread, else soon. Thread-safe. */
    void run(Runnable task) {
        loop.run(task);
    }

    @Override
    public long position() {
        return fanOut.position();
    }

    /** Start of the current step, in nanoseconds; exact enough for values in seconds, without a clock read. */
    @Override
    public long now() {
        return now;
    }

    /** Number of streams. Thread-safe. */
    int size() {
        return size;
    }

    /** Bytes of the selectors and grants of its streams, by {@link Subscription#selectorBytes}. Thread-safe. */
    long selectorBytes() {
        return selectorBytes;
    }

    /** Thread-safe for reading. */
    @Override
    public LaneStats stats() {
        return stats;
    }

    @Override
    public void replayed(List<Event> events) {
        stats.replayed(events);
    }

    @Override
    public void advance(Subscriber subscriber) {
        catchUp.advance(subscriber);
    }

    /**
     * Opens a stream, on the lane's thread. A rejected one gets a reconnection time and ends.
     *
     * @param onEnd runs once when the stream has ended
     */
    Subscriber open(Subscription subscription, StartPosition start, Outlet outlet, Runnable onEnd) {
        now = System.nanoTime();
        Subscriber subscriber =
                new Subscriber(this, subscription, fanOut.shared(subscription.selectors()), outlet, onEnd, now);
        subscription.nanosUntilExpiry(Instant.now()).ifPresent(nanos -> subscriber.tokenExpiresAt(now + nanos));
        timers.add(subscriber, now);
        updateCounts(subscriber.selectorBytes);
        stats.add(LaneCounter.SELECTORS, subscriber.selectors.size());
        admission.reserve(subscriber.heapBytes);
        run(subscriber, () -> streams.begin(subscriber, start, subscription));
        return subscriber;
    }

    private void updateCounts(long selectorBytesAdded) {
        size = timers.size();
        selectorBytes = selectorBytes + selectorBytesAdded;
    }

    @Override
    public void run(Subscriber subscriber, Runnable step) {
        run(() -> runGuarded(subscriber, step));
    }

    /**
     * As {@link #run(Subscriber, Runnable)}, but never within the call, and in time slices: subscribers that catch up
     * must not delay live delivery.
     */
    @Override
    public void defer(Subscriber subscriber, Runnable step) {
        slices.add(() -> runGuarded(subscriber, step));
    }

    @Override
    public void runAfterTurn(Subscriber subscriber, Runnable step) {
        ring();
        loop.executeAfterIo(() -> runGuarded(subscriber, step));
    }

    private void runGuarded(Subscriber subscriber, Runnable step) {
        now = System.nanoTime();
        try {
            step.run();
        } catch (Throwable e) {
            cutAfter(e, subscriber);
        }
    }

    @Override
    public void cutAfter(Throwable failure, Subscriber subscriber) {
        subscriber.endsFor(StreamEnd.FAILED);
        try {
            cut(subscriber);
        } catch (Throwable e) {
            LOG.error("A stream could not be cut off cleanly.", e);
        }
        LOG.error("A stream was cut off, since serving it failed. Its client resumes by id.", failure);
    }

    @Override
    public void remove(Subscriber subscriber) {
        if (subscriber.state() == State.CLOSED) {
            return;
        }
        subscriber.enter(State.CLOSED);
        timers.remove(subscriber);
        try {
            releaseSnapshot(subscriber);
            admission.release(subscriber.heapBytes);
            updateCounts(-subscriber.selectorBytes);
            stats.add(LaneCounter.SELECTORS, -subscriber.selectors.size());
            fanOut.remove(subscriber);
        } finally {
            try {
                subscriber.onEnd.run();
                streams.reportEnd(subscriber);
            } finally {
                completeIfDrained();
            }
        }
    }

    @Override
    public void releaseSnapshot(Subscriber subscriber) {
        admission.release(subscriber.removeSnapshot());
    }

    private void completeIfDrained() {
        if (draining && size == 0) {
            drained.complete(null);
        }
    }

    /** Delivers new events to live subscribers. */
    private void turn() {
        now = System.nanoTime();
        if (fanOut.turn()) {
            // After expensive matching, the loop serves its sockets first.
            doorbell.ring(fanOut.costLimitReached() ? loop::executeAfterIo : loop::execute);
        }
    }

    @Override
    public void forEach(Consumer<Subscriber> action) {
        timers.forEach(action);
    }

    @Override
    public void end(Subscriber subscriber) {
        streams.end(subscriber);
    }

    @Override
    public void end(Subscriber subscriber, EndNotice notice) {
        streams.end(subscriber, notice);
    }

    @Override
    public void cut(Subscriber subscriber) {
        try {
            remove(subscriber);
        } finally {
            subscriber.outlet.cut();
        }
    }

    private void tick() {
        try {
            now = System.nanoTime();
            stats.ticked(now - tickedAt - timers.tickNanos(), now);
            tickedAt = now;
            // Retries what the loop rejected for lack of memory.
            if (fanOut.position() < recent.head()) {
                ring();
            }
            slices.resume();
            if (timers.tick(now)) {
                loop.execute(this::tick);
            }
        } catch (Throwable e) {
            // A rethrow would cancel the ticker of this lane.
            LOG.error("The timers of the streams failed once and continue.", e);
        }
    }

    /** Time of the last tick, by {@link System#nanoTime()}. Thread-safe. */
    long tickedAt() {
        return tickedAt;
    }

    @Override
    public boolean atHead(Subscriber subscriber) {
        return subscriber.signals && subscriber.state() == State.LIVE && subscriber.cursor() <= position();
    }

    /**
     * Ends all streams, spread over a period.
     *
     * @return completes when the last has ended
     */
    CompletionStage<Void> drain(Duration period) {
        run(() -> {
            draining = true;
            now = System.nanoTime();
            timers.endWithin(period, now);
            completeIfDrained();
        });
        return drained;
    }

    @Override
    public void expire(Subscriber subscriber) {
        for (long head = recent.head(); draining && position() < head; ) {
            turn();
        }
        subscriber.endsFor(StreamEnd.EXPIRED);
        end(subscriber);
    }

    void close() {
        ticker.cancel(false);
    }
}
