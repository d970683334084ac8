package dev.herald.hub;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import com.github.f4b6a3.uuid.UuidCreator;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;

import dev.herald.event.Event;
import dev.herald.event.Frame;
import dev.herald.hub.Subscriber.State;
import dev.herald.log.EventLog;
import dev.herald.log.RecentEvents;
import dev.herald.logging.SafeLogger;
import dev.herald.loop.Loop;
import dev.herald.loop.TimeSlicedQueue;
import dev.herald.stats.HubStats;

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
    private final ControlFrames signals;
    private final SubscriptionListener subscriptions;
    private final Admission admission;
    private final SubscriberTimers upkeep;
    private final Future<?> ticker;
    private final FanOut fanOut;
    private final TimeSlicedQueue slices;
    private final Doorbell doorbell;
    private final CompletableFuture<Void> emptied = new CompletableFuture<>();
    private boolean draining;
    private long now = System.nanoTime();
    private volatile long tickedAt = now;
    private volatile int size;
    private volatile long selectorBytes;

    Lane(
            EventExecutor loop,
            EventLog log,
            Replay replay,
            ControlFrames signals,
            SubscriptionListener subscriptions,
            Admission admission,
            SseConfig config) {
        this.loop = new Loop(loop);
        this.slices = new TimeSlicedQueue(this.loop::afterSockets);
        this.doorbell = new Doorbell(this.loop::execute, this::turn);
        this.recent = log.recent();
        this.catchUp = new CatchUp(this, recent, replay, signals);
        this.signals = signals;
        this.subscriptions = subscriptions;
        this.admission = admission;
        this.upkeep = new SubscriberTimers(this, signals, config, now);
        this.fanOut = new FanOut(this, recent);
        this.ticker = this.loop.every(upkeep.tickNanos(), this::tick);
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

    /** Statistics of delivered events. Thread-safe; completes on the lane's thread. */
    CompletionStage<HubStats> activity() {
        return CompletableFuture.supplyAsync(fanOut::activity, loop::execute);
    }

    @Override
    public void replayed(List<Event> events) {
        fanOut.replayed(events);
    }

    @Override
    public void advance(Subscriber subscriber) {
        catchUp.advance(subscriber);
    }

    /** Opens a stream, on the lane's thread. A rejected one gets a reconnection time and ends. */
    Subscriber open(Subscription subscription, StartPosition start, Outlet outlet) {
        now = System.nanoTime();
        Subscriber subscriber =
                new Subscriber(this, subscription, fanOut.shared(subscription.selectors()), outlet, now);
        subscription.nanosUntilExpiry(Instant.now()).ifPresent(nanos -> subscriber.endBy(now + nanos));
        upkeep.add(subscriber, now);
        count(subscriber.selectorBytes);
        admission.reserve(subscriber.heapBytes);
        run(subscriber, () -> begin(subscriber, start, subscription.requested()));
        return subscriber;
    }

    private void count(long selectorBytesMore) {
        size = upkeep.size();
        selectorBytes = selectorBytes + selectorBytesMore;
    }

    @Override
    public void run(Subscriber subscriber, Runnable step) {
        run(() -> guarded(subscriber, step));
    }

    /**
     * As {@link #run(Subscriber, Runnable)}, but never within the call, and in time slices: subscribers that catch up
     * must not delay live delivery.
     */
    @Override
    public void defer(Subscriber subscriber, Runnable step) {
        slices.add(() -> guarded(subscriber, step));
    }

    private void guarded(Subscriber subscriber, Runnable step) {
        now = System.nanoTime();
        try {
            step.run();
        } catch (Throwable e) {
            cutAfter(e, subscriber);
        }
    }

    @Override
    public void cutAfter(Throwable failure, Subscriber subscriber) {
        try {
            cut(subscriber);
        } catch (Throwable e) {
            LOG.error("A stream could not be cut off in good order.", e);
        }
        LOG.error("A stream was cut off, since serving it failed. Its client resumes by id.", failure);
    }

    private void begin(Subscriber subscriber, StartPosition start, Optional<String> requested) {
        if (start instanceof StartPosition.At at) {
            begin(subscriber, at, requested);
        } else {
            end(subscriber);
        }
    }

    private void begin(Subscriber subscriber, StartPosition.At start, Optional<String> requested) {
        subscriber.moveTo(start.position());
        subscriber.beginsWithTheOldest(start.oldest());
        if (subscriber.signals) {
            subscriber.write(opening(requested, start));
        }
        fanOut.add(subscriber);
        report(subscriber);
        catchUp.advance(subscriber);
    }

    private void report(Subscriber subscriber) {
        if (subscriptions != SubscriptionListener.NONE) {
            // Versions 4 and 7 are both allowed; version 7 contains the start time of the stream.
            subscriber.name = UuidCreator.getTimeOrderedEpoch();
            subscriptions.subscribed(subscriber.name, subscriber.selectors, subscriber.payload);
        }
    }

    private void reportEnd(Subscriber subscriber) {
        if (subscriber.name != null) {
            subscriptions.unsubscribed(subscriber.name, subscriber.selectors, subscriber.payload);
        }
    }

    private List<Frame> opening(Optional<String> requested, StartPosition.At start) {
        Frame opening = signals.opening(start.position());
        return start.lost() ? List.of(opening, signals.gap(requested, start.position())) : List.of(opening);
    }

    @Override
    public void forget(Subscriber subscriber) {
        if (subscriber.state() == State.CLOSED) {
            return;
        }
        subscriber.enter(State.CLOSED);
        upkeep.remove(subscriber);
        try {
            admission.release(subscriber.heapBytes);
            count(-subscriber.selectorBytes);
            fanOut.remove(subscriber);
        } finally {
            try {
                reportEnd(subscriber);
            } finally {
                tellIfEmptied();
            }
        }
    }

    private void tellIfEmptied() {
        if (draining && size == 0) {
            emptied.complete(null);
        }
    }

    /** Delivers new events to live subscribers. */
    private void turn() {
        now = System.nanoTime();
        if (fanOut.turn()) {
            // After expensive matching, the loop serves its sockets first.
            doorbell.ring(fanOut.endedForItsCost() ? loop::afterSockets : loop::execute);
        }
    }

    @Override
    public void forEach(Consumer<Subscriber> action) {
        upkeep.forEach(action);
    }

    @Override
    public void end(Subscriber subscriber) {
        if (subscriber.state() != State.CLOSED) {
            subscriber.write(List.of(signals.retry()));
            subscriber.outlet.close();
            forget(subscriber);
        }
    }

    @Override
    public void cut(Subscriber subscriber) {
        try {
            forget(subscriber);
        } finally {
            subscriber.outlet.cut();
        }
    }

    private void tick() {
        try {
            now = System.nanoTime();
            tickedAt = now;
            // Retries what the loop rejected for lack of memory.
            if (fanOut.position() < recent.head()) {
                ring();
            }
            slices.resume();
            if (upkeep.tick(now)) {
                loop.execute(this::tick);
            }
        } catch (Throwable e) {
            // A rethrow would cancel the ticker of this lane.
            LOG.error("The timers of the streams failed once and go on.", e);
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
            upkeep.endWithin(period, now);
            tellIfEmptied();
        });
        return emptied;
    }

    @Override
    public void endInTime(Subscriber subscriber) {
        for (long head = recent.head(); draining && position() < head; ) {
            turn();
        }
        end(subscriber);
    }

    void close() {
        ticker.cancel(false);
    }
}
