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
 * What one event loop owns: its subscribers, and how far it has handed out the log. Everything happens on
 * that loop, so nothing here needs a lock, and no step waits; what other threads may call says so.
 *
 * <p>The lane never fails and queues nothing: if it falls out of the window of recent events, its subscribers read from
 * the log like any other that is behind.
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

    /** The log has grown. From any thread; never throws. What is missed, the next tick finds. */
    void ring() {
        doorbell.ring();
    }

    /** Runs the task on the loop: at once if this is its thread, else soon. From any thread. */
    void run(Runnable task) {
        loop.run(task);
    }

    /** The last position handed out to those who keep up. */
    @Override
    public long position() {
        return fanOut.position();
    }

    /** When the current step began, in nanoseconds: near enough for what is told in seconds, and free. */
    @Override
    public long now() {
        return now;
    }

    /** How many streams the lane has. From any thread. */
    int size() {
        return size;
    }

    /** What selectors and grants of its streams occupy, by {@link Subscription#selectorBytes}. From any thread. */
    long selectorBytes() {
        return selectorBytes;
    }

    /** What the lane has handed out. From any thread; completes on the lane's. */
    CompletionStage<HubStats> activity() {
        return CompletableFuture.supplyAsync(fanOut::activity, loop::execute);
    }

    /** Events of the past have been written to a stream. */
    @Override
    public void replayed(List<Event> events) {
        fanOut.replayed(events);
    }

    /** Brings a subscriber further whose socket takes more. */
    @Override
    public void advance(Subscriber subscriber) {
        catchUp.advance(subscriber);
    }

    /** Takes a stream in, on the lane's thread. One that may not begin now is told when to come back, and ends. */
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

    /**
     * Runs a step of a subscriber on the loop, as {@link #run(Runnable)} does. A step that fails ends the stream, so that
     * its client comes back, and nobody else's.
     */
    @Override
    public void run(Subscriber subscriber, Runnable step) {
        run(() -> guarded(subscriber, step));
    }

    /**
     * As {@link #run(Subscriber, Runnable)}, but later: never within a call of the caller's, and a slice at a time, so that
     * many who are behind do not keep what is new from those who are not.
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

    /** Cuts a stream that could not be served. Never throws. */
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
        if (start.equals(StartPosition.LATER)) {
            end(subscriber);
            return;
        }
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
            // Versions 4 and 7 both would do; this one contains the time at which the stream began.
            subscriber.name = UuidCreator.getTimeOrderedEpoch();
            subscriptions.subscribed(subscriber.name, subscriber.selectors, subscriber.payload);
        }
    }

    private void reportEnd(Subscriber subscriber) {
        if (subscriber.name != null) {
            subscriptions.unsubscribed(subscriber.name, subscriber.selectors, subscriber.payload);
        }
    }

    private List<Frame> opening(Optional<String> requested, StartPosition start) {
        Frame opening = signals.opening(start.position());
        return start.lost() ? List.of(opening, signals.gap(requested, start.position())) : List.of(opening);
    }

    /** Takes the subscriber out at once: nothing is written to it any more. */
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

    /** Hands out what is new to those who keep up. */
    private void turn() {
        now = System.nanoTime();
        if (fanOut.turn()) {
            // What costs much to match is continued when the loop has served its sockets.
            doorbell.ring(fanOut.endedForItsCost() ? loop::afterSockets : loop::execute);
        }
    }

    /** Calls {@code action} for each subscriber; it must add and remove nobody. */
    @Override
    public void forEach(Consumer<Subscriber> action) {
        upkeep.forEach(action);
    }

    /** Ends a stream from this side, telling the client when to come back. */
    @Override
    public void end(Subscriber subscriber) {
        if (subscriber.state() != State.CLOSED) {
            subscriber.write(List.of(signals.retry()));
            subscriber.outlet.close();
            forget(subscriber);
        }
    }

    /** Ends a stream whose client takes nothing: what waits for it is dropped, and it may resume. */
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
            // What the loop could not take, for lack of memory, the tick brings again.
            if (fanOut.position() < recent.head()) {
                ring();
            }
            slices.resume();
            if (upkeep.tick(now)) {
                loop.execute(this::tick);
            }
        } catch (Throwable e) {
            // Thrown on, it would end the upkeep of this lane for good.
            LOG.error("The upkeep of the streams failed.", e);
        }
    }

    /** When the loop was last seen to turn, by {@link System#nanoTime()}. From any thread. */
    long tickedAt() {
        return tickedAt;
    }

    /** Whether the lane's position is the subscriber's too, and may be told. */
    @Override
    public boolean atHead(Subscriber subscriber) {
        return subscriber.signals && subscriber.state() == State.LIVE && subscriber.cursor() <= position();
    }

    /**
     * Ends all streams, spread over a period.
     *
     * @return completes when the last is gone
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

    /** Ends a stream whose time is up; before a stop, after what was accepted. */
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
