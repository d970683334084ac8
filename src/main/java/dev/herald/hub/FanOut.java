package dev.herald.hub;

import java.util.ArrayList;
import java.util.List;

import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.TopicSelector;
import dev.herald.hub.Subscriber.State;
import dev.herald.log.RecentEvents;

/**
 * Hands out what is new in the log to the subscribers of one lane that keep up, and lets those fall behind that do not.
 * Belongs to the lane's thread.
 */
final class FanOut {
    /** New events are handed out in turns of about this size, in bytes, so that one loop serves all its tasks. */
    private static final int TURN_BYTES = 32 << 10;

    private static final Logger LOG = Logger.getLogger(FanOut.class);

    private final Lane lane;
    private final RecentEvents recent;
    private final TopicIndex index = new TopicIndex();
    private final Tally tally = new Tally();
    private final List<Subscriber> touched = new ArrayList<>();
    private Batch nothing = Batch.empty();
    private long position;

    /** Everything after the log's head of this moment is new. */
    FanOut(Lane lane, RecentEvents recent) {
        this.lane = lane;
        this.recent = recent;
        this.position = recent.head();
    }

    /** {@link TopicIndex#shared}. */
    List<TopicSelector> shared(List<TopicSelector> selectors) {
        return index.shared(selectors);
    }

    void add(Subscriber subscriber) {
        index.add(subscriber);
    }

    void remove(Subscriber subscriber) {
        index.remove(subscriber);
    }

    /** The last position handed out. */
    long position() {
        return position;
    }

    /** What was handed out, live and of the past. */
    Activity activity() {
        return tally.activity();
    }

    /** Events of the past have been written to a stream. */
    void replayed(List<Event> events) {
        tally.replayed(events);
    }

    /** Hands out one turn's worth. Returns whether there is more. */
    boolean turn() {
        RecentEvents.Window fresh = recent.after(position, Long.MAX_VALUE, TURN_BYTES);
        if (!fresh.covered()) {
            fallBehind();
            return false;
        }
        for (Event event : fresh.events()) {
            index.match(event, subscriber -> offer(subscriber, event));
        }
        position = fresh.through();
        touched.forEach(this::flush);
        touched.clear();
        tally.wrote();
        nothing = Batch.empty();
        return position < recent.head();
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
            lane.cut(subscriber);
        }
    }

    /** The memory no longer has what comes next: all read it from the log. */
    private void fallBehind() {
        long reached = position;
        position = recent.head();
        lane.forEach(subscriber -> {
            if (subscriber.state() == State.LIVE) {
                subscriber.moveTo(reached);
                subscriber.enter(State.CATCHING_UP);
                subscriber.resume();
            }
        });
    }
}
