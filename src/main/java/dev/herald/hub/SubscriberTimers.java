package dev.herald.hub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

import dev.herald.event.Frame;
import dev.herald.hub.Subscriber.State;
import dev.herald.loop.TimingWheel;
import dev.herald.stats.LaneCounter;
import dev.herald.stats.StreamEnd;

/**
 * Timers of all subscribers of one lane: heartbeats, cursors, maximum age and write timeout. One timing wheel visits
 * each subscriber once a heartbeat, or when it expires. Belongs to the lane's thread.
 */
final class SubscriberTimers {
    /** Maximum visits in one task, so that the loop serves others between. */
    private static final int VISITS_A_TURN = 512;

    private static final long LONGEST_TICK_NANOS = Duration.ofMillis(250).toNanos();
    private static final long SHORTEST_TICK_NANOS = Duration.ofMillis(1).toNanos();
    private static final int TICKS_A_HEARTBEAT = 64;
    private static final int SLOTS = 256;
    private static final double YOUNGEST_END = 0.8;

    private final Subscriber.Owner owner;
    private final ControlFrames controlFrames;
    private final long heartbeatNanos;
    private final long cursorNanos;
    private final long visitNanos;
    private final long writeTimeoutNanos;
    private final long maxAgeNanos;
    private final long tickNanos;
    private final TimingWheel<Subscriber> wheel;

    private List<Frame> comment;
    private List<Frame> cursor;

    SubscriberTimers(Subscriber.Owner owner, ControlFrames controlFrames, SseConfig config, long now) {
        this.owner = owner;
        this.controlFrames = controlFrames;
        this.heartbeatNanos = config.heartbeat().toNanos();
        this.cursorNanos = config.cursorInterval().toNanos();
        this.writeTimeoutNanos = config.writeTimeout().toNanos();
        this.maxAgeNanos = config.maxAge().map(Duration::toNanos).orElse(Subscriber.NEVER);
        long idleNanos = Math.min(heartbeatNanos, cursorNanos);
        this.visitNanos = Math.min(idleNanos, Math.max(1, writeTimeoutNanos / 2));
        this.tickNanos = Math.min(Math.max(visitNanos / TICKS_A_HEARTBEAT, SHORTEST_TICK_NANOS), LONGEST_TICK_NANOS);
        this.wheel = new TimingWheel<>(tickNanos, SLOTS, now);
    }

    /** Interval between calls of {@link #tick}, in nanoseconds. */
    long tickNanos() {
        return tickNanos;
    }

    int size() {
        return wheel.size();
    }

    /** Calls {@code action} for each subscriber; it must add and remove none. */
    void forEach(Consumer<Subscriber> action) {
        wheel.forEach(action);
    }

    /** Starts the timers of a subscriber. */
    void add(Subscriber subscriber, long now) {
        if (maxAgeNanos != Subscriber.NEVER) {
            // Randomised, so that clients that connected together do not reconnect together (PROTOCOL E7).
            double share = YOUNGEST_END
                    + (1 - YOUNGEST_END) * ThreadLocalRandom.current().nextDouble();
            subscriber.endBy(now + (long) (maxAgeNanos * share));
        }
        scheduleVisit(subscriber, now, now + visitNanos);
    }

    /** Ends all subscribers within a period, each at a random time; at once if the period is zero. */
    void endWithin(Duration period, long now) {
        List<Subscriber> all = new ArrayList<>(size());
        forEach(all::add);
        for (Subscriber subscriber : all) {
            if (period.isZero()) {
                owner.run(subscriber, () -> owner.expire(subscriber));
            } else {
                subscriber.endBy(now + ThreadLocalRandom.current().nextLong(period.toNanos()));
                scheduleVisit(subscriber, now, now + visitNanos);
            }
        }
    }

    private void scheduleVisit(Subscriber subscriber, long now, long visit) {
        wheel.schedule(subscriber, now + Math.min(visit - now, subscriber.nanosLeft(now)));
    }

    void remove(Subscriber subscriber) {
        wheel.cancel(subscriber);
    }

    /**
     * Visits the subscribers that are due.
     *
     * @return whether more are due than the limit of one call: then call again soon
     */
    boolean tick(long now) {
        comment = null;
        cursor = null;
        return wheel.expire(now, VISITS_A_TURN, subscriber -> {
            // First, and without allocation: after a failed visit the next one must still be scheduled.
            scheduleVisit(subscriber, now, now + visitNanos);
            owner.run(subscriber, () -> visit(subscriber, now));
        });
    }

    private void visit(Subscriber subscriber, long now) {
        if (subscriber.nanosLeft(now) <= 0) {
            owner.expire(subscriber);
        } else if (subscriber.isBroken()) {
            cut(subscriber, StreamEnd.FAILED);
        } else if (subscriber.outlet.stalledNanos(now) >= writeTimeoutNanos) {
            cut(subscriber, StreamEnd.SLOW);
        } else {
            if (subscriber.state() == State.CATCHING_UP) {
                owner.stats().behind(owner.position() - subscriber.cursor(), now);
            }
            sendHeartbeat(subscriber, now);
            // In case its step was lost: for live subscribers this does nothing.
            owner.advance(subscriber);
        }
    }

    private void cut(Subscriber subscriber, StreamEnd reason) {
        subscriber.endsFor(reason);
        owner.cut(subscriber);
    }

    private void sendHeartbeat(Subscriber subscriber, long now) {
        if (!subscriber.outlet.writable()) {
            return;
        }
        long untilComment = heartbeatNanos - subscriber.idleNanos(now);
        // By time alone: a cursor sent after events for others would disclose them.
        long untilCursor = subscriber.signals ? cursorNanos - subscriber.nanosSinceId(now) : visitNanos;
        if (untilCursor <= 0 && owner.atHead(subscriber)) {
            subscriber.write(cursor());
            owner.stats().increment(LaneCounter.CURSORS);
            return;
        }
        long next = untilCursor > 0 ? Math.min(visitNanos, untilCursor) : visitNanos;
        // Before the write: a failed write removes the subscriber from the wheel.
        scheduleVisit(subscriber, now, now + (untilComment > 0 ? Math.min(next, untilComment) : next));
        if (untilComment <= 0) {
            subscriber.writeComment(comment());
            owner.stats().increment(LaneCounter.HEARTBEATS);
        }
    }

    private List<Frame> comment() {
        if (comment == null) {
            comment = List.of(controlFrames.heartbeat());
        }
        return comment;
    }

    /** One cursor for all subscribers at the lane's position: sealing costs more than writing. */
    private List<Frame> cursor() {
        if (cursor == null) {
            cursor = List.of(controlFrames.cursor(owner.position()));
        }
        return cursor;
    }
}
