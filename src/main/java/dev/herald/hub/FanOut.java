package dev.herald.hub;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.MatchBudget;
import dev.herald.event.Matching;
import dev.herald.event.TopicSelector;
import dev.herald.hub.Subscriber.State;
import dev.herald.log.RecentEvents;

/**
 * Hands out what is new in the log to the subscribers of one lane that keep up, and lets those fall behind that do not.
 * Belongs to the lane's thread.
 *
 * <p>A subscriber whose templates or grants are expensive to match is never handed an event: each turn lets it fall behind,
 * and it pulls its events by {@link CatchUp}. The same happens to all with templates when one event has topics that are
 * expensive to match. So no set of selectors delays those who asked for a topic by name or for all.
 */
final class FanOut {
    /** New events are handed out in turns of about this size, in bytes, so that one loop serves all its tasks. */
    private static final int TURN_BYTES = 32 << 10;

    /**
     * What matching one event may cost before those with templates fall behind, and a turn before it ends: some hundred
     * microseconds.
     */
    static final long MAX_UNITS = 200_000;

    private static final Logger LOG = Logger.getLogger(FanOut.class);

    private final Lane lane;
    private final RecentEvents recent;
    private final TopicIndex index = new TopicIndex();
    private final Set<Subscriber> pulling = new LinkedHashSet<>();
    private final IdentityHashMap<List<TopicSelector>, Boolean> permitted = new IdentityHashMap<>();
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
        if (subscriber.expensive() || !index.add(subscriber)) {
            subscriber.pull();
            pulling.add(subscriber);
        }
    }

    void remove(Subscriber subscriber) {
        if (!pulling.remove(subscriber)) {
            index.remove(subscriber);
        }
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
        long before = position;
        position = handOut(fresh);
        touched.forEach(this::flush);
        touched.clear();
        tally.wrote();
        nothing = Batch.empty();
        if (position > before) {
            pulling.forEach(subscriber -> fallBehind(subscriber, before));
        }
        return position < recent.head();
    }

    /** Returns the last position handed out. */
    private long handOut(RecentEvents.Window fresh) {
        long cost = 0;
        for (Event event : fresh.events()) {
            MatchBudget budget = new MatchBudget(MAX_UNITS);
            if (event.isPrivate()) {
                permitted.clear();
            }
            if (!index.match(event, budget, subscriber -> offer(subscriber, event, budget))) {
                lane.forEach(subscriber -> {
                    if (subscriber.usesTemplates()) {
                        fallBehind(subscriber, event.position() - 1);
                    }
                });
            }
            cost += MAX_UNITS - budget.left();
            if (cost >= MAX_UNITS) {
                return event.position();
            }
        }
        return fresh.through();
    }

    private void offer(Subscriber subscriber, Event event, MatchBudget budget) {
        if (subscriber.state() != State.LIVE) {
            return;
        }
        if (!subscriber.outlet.writable()) {
            subscriber.moveTo(event.position() - 1);
            subscriber.enter(State.CATCHING_UP);
            return;
        }
        if (event.isPrivate() && !decided(subscriber, event, budget)) {
            fallBehind(subscriber, event.position() - 1);
            return;
        }
        boolean permits = !event.isPrivate() || permitted.get(subscriber.grants);
        boolean first = !subscriber.pending();
        if (subscriber.take(event, permits, nothing)) {
            tally.took(event);
            if (first) {
                touched.add(subscriber);
            }
        }
    }

    /** Whether it is known, within the budget, if the subscriber may read the private event: once for equal grants. */
    private boolean decided(Subscriber subscriber, Event event, MatchBudget budget) {
        if (!permitted.containsKey(subscriber.grants)) {
            Matching matching = subscriber.grant(event);
            if (!matching.advance(budget)) {
                return false;
            }
            permitted.put(subscriber.grants, matching.matches());
        }
        return true;
    }

    /** From a position on, the subscriber finds its events itself. */
    private static void fallBehind(Subscriber subscriber, long reached) {
        if (subscriber.state() == State.LIVE) {
            subscriber.moveTo(reached);
            subscriber.enter(State.CATCHING_UP);
            subscriber.resume();
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
        lane.forEach(subscriber -> fallBehind(subscriber, reached));
    }
}
