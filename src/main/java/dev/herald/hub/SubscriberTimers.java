package dev.herald.hub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

import dev.herald.event.Frame;
import dev.herald.loop.TimingWheel;

/**
 * What the passing of time asks for, for all subscribers of one lane: comments and cursors on quiet streams, the end of
 * those that are old or whose client takes nothing. One wheel for all of them; it visits a subscriber once a heartbeat, or
 * when its time is up, and no other. Belongs to the lane's thread.
 */
final class SubscriberTimers {
    /** Visits in one turn of the loop, so that others are served between. */
    private static final int VISITS_A_TURN = 512;

    private static final long LONGEST_TICK_NANOS = Duration.ofMillis(250).toNanos();
    private static final long SHORTEST_TICK_NANOS = Duration.ofMillis(1).toNanos();
    private static final int TICKS_A_HEARTBEAT = 64;
    private static final int SLOTS = 256;
    private static final double YOUNGEST_END = 0.8;

    private final Subscriber.Owner owner;
    private final ControlFrames signals;
    private final long heartbeatNanos;
    private final long cursorNanos;
    private final long visitNanos;
    private final long writeTimeoutNanos;
    private final long maxAgeNanos;
    private final long tickNanos;
    private final TimingWheel<Subscriber> wheel;

    private List<Frame> comment;
    private List<Frame> cursor;

    SubscriberTimers(Subscriber.Owner owner, ControlFrames signals, SseConfig config, long now) {
        this.owner = owner;
        this.signals = signals;
        this.heartbeatNanos = config.heartbeat().toNanos();
        this.cursorNanos = config.cursorInterval().toNanos();
        this.writeTimeoutNanos = config.writeTimeout().toNanos();
        this.maxAgeNanos = config.maxAge().map(Duration::toNanos).orElse(Subscriber.NEVER);
        long quietNanos = Math.min(heartbeatNanos, cursorNanos);
        this.visitNanos = Math.min(quietNanos, Math.max(1, writeTimeoutNanos / 2));
        this.tickNanos = Math.min(Math.max(visitNanos / TICKS_A_HEARTBEAT, SHORTEST_TICK_NANOS), LONGEST_TICK_NANOS);
        this.wheel = new TimingWheel<>(tickNanos, SLOTS, now);
    }

    /** How often {@link #tick} wants to be called, in nanoseconds. */
    long tickNanos() {
        return tickNanos;
    }

    /** How many subscribers there are. */
    int size() {
        return wheel.size();
    }

    /** Calls {@code action} for each subscriber; it must add and remove nobody. */
    void forEach(Consumer<Subscriber> action) {
        wheel.forEach(action);
    }

    /** Takes a subscriber into care. */
    void add(Subscriber subscriber, long now) {
        if (maxAgeNanos != Subscriber.NEVER) {
            // At random, so that clients that came together do not come back together (PROTOCOL E7).
            double share = YOUNGEST_END
                    + (1 - YOUNGEST_END) * ThreadLocalRandom.current().nextDouble();
            subscriber.endBy(now + (long) (maxAgeNanos * share));
        }
        scheduleVisit(subscriber, now, now + visitNanos);
    }

    /** Ends all subscribers within a period, each at a random time; at once if there is none. */
    void endWithin(Duration period, long now) {
        List<Subscriber> all = new ArrayList<>(size());
        forEach(all::add);
        for (Subscriber subscriber : all) {
            if (period.isZero()) {
                owner.run(subscriber, () -> owner.endInTime(subscriber));
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
     * Visits those who are due.
     *
     * @return whether more are due than a turn allows: then call again soon
     */
    boolean tick(long now) {
        comment = null;
        cursor = null;
        return wheel.expire(now, VISITS_A_TURN, subscriber -> {
            // First of all, and without taking memory, so that a visit that fails is not the last.
            scheduleVisit(subscriber, now, now + visitNanos);
            owner.run(subscriber, () -> visit(subscriber, now));
        });
    }

    private void visit(Subscriber subscriber, long now) {
        if (subscriber.nanosLeft(now) <= 0) {
            owner.endInTime(subscriber);
        } else if (subscriber.isLost() || subscriber.outlet.stalledNanos(now) >= writeTimeoutNanos) {
            owner.cut(subscriber);
        } else {
            beat(subscriber, now);
            // If the step that was to do it was lost: most are live, and there is nothing to do.
            owner.advance(subscriber);
        }
    }

    private void beat(Subscriber subscriber, long now) {
        if (!subscriber.outlet.writable()) {
            return;
        }
        long untilComment = heartbeatNanos - subscriber.quietNanos(now);
        // By time alone: a cursor that followed the events of others would report that there were some.
        long untilCursor = subscriber.signals ? cursorNanos - subscriber.unidentifiedNanos(now) : visitNanos;
        if (untilCursor <= 0 && owner.atHead(subscriber)) {
            subscriber.write(cursor());
            return;
        }
        long next = untilCursor > 0 ? Math.min(visitNanos, untilCursor) : visitNanos;
        // Before the write, since a write that fails takes the subscriber off the wheel.
        scheduleVisit(subscriber, now, now + (untilComment > 0 ? Math.min(next, untilComment) : next));
        if (untilComment <= 0) {
            subscriber.writeComment(comment());
        }
    }

    private List<Frame> comment() {
        if (comment == null) {
            comment = List.of(signals.heartbeat());
        }
        return comment;
    }

    /** One cursor for all that are where the lane is: sealing costs more than writing. */
    private List<Frame> cursor() {
        if (cursor == null) {
            cursor = List.of(signals.cursor(owner.position()));
        }
        return cursor;
    }
}
