package dev.herald.hub;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.Frame;
import dev.herald.hub.Subscriber.State;
import dev.herald.log.EventLog;
import dev.herald.log.RecentEvents;

/**
 * What one event loop owns: its subscribers, and how far it has handed out the log. Everything happens on
 * that loop, so nothing here needs a lock, and no step waits; what other threads may call says so.
 *
 * <p>The lane never fails and queues nothing: if it falls out of the window of recent events, its subscribers read from
 * the log like any other that is behind.
 */
final class Lane {
    /** New events are handed out in turns of about this size, in bytes, so that one loop serves all its tasks. */
    private static final int TURN_BYTES = 32 << 10;

    /** No stream lives so long, and nanoseconds can be counted in it. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final Logger LOG = Logger.getLogger(Lane.class);

    private final EventExecutor loop;
    private final RecentEvents recent;
    private final CatchUp catchUp;
    private final Signals signals;
    private final Presence presence;
    private final Upkeep upkeep;
    private final Future<?> ticker;

    private final TopicIndex index = new TopicIndex();
    private final Tally tally = new Tally();
    private final List<Subscriber> touched = new ArrayList<>();
    private final AtomicBoolean rung = new AtomicBoolean();
    private final CompletableFuture<Void> emptied = new CompletableFuture<>();
    private Batch nothing = Batch.empty();
    private boolean draining;
    private long position;
    private long now = System.nanoTime();
    private volatile int size;

    Lane(EventExecutor loop, EventLog log, PageReader pages, Signals signals, Presence presence, SseConfig config) {
        this.loop = loop;
        this.recent = log.recent();
        this.catchUp = new CatchUp(this, recent, pages, signals);
        this.signals = signals;
        this.presence = presence;
        this.upkeep = new Upkeep(this, signals, config, now);
        this.position = recent.head();
        this.ticker =
                loop.scheduleAtFixedRate(this::tick, upkeep.tickNanos(), upkeep.tickNanos(), TimeUnit.NANOSECONDS);
    }

    /** The log has grown. From any thread; many rings are one turn. */
    void ring() {
        if (rung.compareAndSet(false, true)) {
            execute(this::turn);
        }
    }

    /** Runs the task on the loop: at once if this is its thread, else soon. From any thread. */
    void run(Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            execute(task);
        }
    }

    /** Runs the task on the loop, after what waits there. From any thread. */
    void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debugf("The event loop has ended, and its connections with it.");
        }
    }

    /** The last position handed out to those who keep up. */
    long position() {
        return position;
    }

    /** When the current step began, in nanoseconds: near enough for what is told in seconds, and free. */
    long now() {
        return now;
    }

    /** How many streams the lane has. From any thread. */
    int size() {
        return size;
    }

    /** What the lane has handed out. From any thread; completes on the lane's. */
    CompletionStage<Activity> activity() {
        CompletableFuture<Activity> told = new CompletableFuture<>();
        execute(() -> told.complete(tally.activity()));
        return told;
    }

    /** Events of the past have been written to a stream. */
    void replayed(List<Event> events) {
        tally.replayed(events);
    }

    /** Brings a subscriber further whose socket takes more. */
    void advance(Subscriber subscriber) {
        catchUp.advance(subscriber);
    }

    /** Takes a stream in, on the lane's thread. One that may not begin now is told when to come back, and ends. */
    Subscriber open(Subscription subscription, Start start, Outlet outlet) {
        now = System.nanoTime();
        Subscriber subscriber = new Subscriber(this, subscription, outlet, now);
        subscription.expiry().ifPresent(expiry -> subscriber.endBy(now + nanosUntil(expiry)));
        upkeep.add(subscriber, now);
        size = upkeep.size();
        run(subscriber, () -> begin(subscriber, start, subscription.requested()));
        return subscriber;
    }

    private static long nanosUntil(Instant end) {
        Duration left = Duration.between(Instant.now(), end);
        return (left.compareTo(LONGEST) < 0 ? left : LONGEST).toNanos();
    }

    /**
     * Runs a step of a subscriber on the loop, as {@link #run(Runnable)} does. A step that fails ends the stream, so that
     * its client comes back, and nobody else's.
     */
    void run(Subscriber subscriber, Runnable step) {
        run(() -> guarded(subscriber, step));
    }

    /** As {@link #run(Subscriber, Runnable)}, after what waits there: never within a call of the caller's. */
    void execute(Subscriber subscriber, Runnable step) {
        execute(() -> guarded(subscriber, step));
    }

    private void guarded(Subscriber subscriber, Runnable step) {
        now = System.nanoTime();
        try {
            step.run();
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("A stream was cut off, since serving it failed. Its client resumes by id.", e);
            cut(subscriber);
        }
    }

    private void begin(Subscriber subscriber, Start start, Optional<String> requested) {
        if (start.equals(Start.LATER)) {
            end(subscriber);
            return;
        }
        subscriber.moveTo(start.position());
        subscriber.beginsWithTheOldest(start.oldest());
        if (subscriber.signals) {
            subscriber.write(opening(requested, start));
        }
        index.add(subscriber);
        presence.started(subscriber);
        catchUp.advance(subscriber);
    }

    private List<Frame> opening(Optional<String> requested, Start start) {
        Frame opening = signals.opening(start.position());
        return start.lost() ? List.of(opening, signals.gap(requested, start.position())) : List.of(opening);
    }

    /** Takes the subscriber out at once: nothing is written to it any more. */
    void forget(Subscriber subscriber) {
        if (subscriber.state() == State.CLOSED) {
            return;
        }
        subscriber.enter(State.CLOSED);
        index.remove(subscriber);
        upkeep.remove(subscriber);
        size = upkeep.size();
        presence.ended(subscriber);
        tellIfEmptied();
    }

    private void tellIfEmptied() {
        if (draining && size == 0) {
            emptied.complete(null);
        }
    }

    /** Hands out what is new to those who keep up. */
    private void turn() {
        rung.set(false);
        now = System.nanoTime();
        RecentEvents.Window fresh = recent.after(position, Long.MAX_VALUE, TURN_BYTES);
        if (!fresh.covered()) {
            fallBehind();
            return;
        }
        for (Event event : fresh.events()) {
            index.match(event, subscriber -> offer(subscriber, event));
        }
        position = fresh.through();
        touched.forEach(this::flush);
        touched.clear();
        tally.wrote();
        nothing = Batch.empty();
        if (position < recent.head()) {
            ring();
        }
    }

    private void offer(Subscriber subscriber, Event event) {
        if (subscriber.state() != State.LIVE) {
            return;
        }
        if (!subscriber.outlet.writable()) {
            subscriber.moveTo(event.position() - 1);
            subscriber.enter(State.CATCHING_UP);
            return;
        }
        boolean first = !subscriber.pending();
        if (subscriber.take(event, nothing)) {
            tally.took(event);
            if (first) {
                touched.add(subscriber);
            }
        }
    }

    /** What one socket does wrong must not keep the others from what they have taken already. */
    private void flush(Subscriber subscriber) {
        try {
            subscriber.flush();
        } catch (RuntimeException e) {
            LOG.error("A stream was cut off, since writing to it failed. Its client resumes by id.", e);
            cut(subscriber);
        }
    }

    private void fallBehind() {
        long reached = position;
        position = recent.head();
        upkeep.forEach(subscriber -> {
            if (subscriber.state() == State.LIVE) {
                subscriber.moveTo(reached);
                subscriber.enter(State.CATCHING_UP);
                subscriber.resume();
            }
        });
    }

    /** Ends a stream from this side, telling the client when to come back. */
    void end(Subscriber subscriber) {
        if (subscriber.state() != State.CLOSED) {
            subscriber.write(List.of(signals.retry()));
            subscriber.outlet.close();
            forget(subscriber);
        }
    }

    /** Ends a stream whose client takes nothing: what waits for it is dropped, and it may resume. */
    void cut(Subscriber subscriber) {
        forget(subscriber);
        subscriber.outlet.cut();
    }

    private void tick() {
        try {
            now = System.nanoTime();
            if (upkeep.tick(now)) {
                execute(this::tick);
            }
        } catch (RuntimeException e) {
            // Thrown on, it would end the upkeep of this lane for good.
            LOG.error("The upkeep of the streams failed.", e);
        }
    }

    /** Whether the lane's position is the subscriber's too, and may be told. */
    boolean atHead(Subscriber subscriber) {
        return subscriber.signals && subscriber.state() == State.LIVE && subscriber.cursor() <= position;
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
    void endInTime(Subscriber subscriber) {
        for (long head = recent.head(); draining && position < head; ) {
            turn();
        }
        end(subscriber);
    }

    void close() {
        ticker.cancel(false);
    }
}
