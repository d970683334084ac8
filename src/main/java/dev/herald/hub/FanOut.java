package dev.herald.hub;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import dev.herald.event.Event;
import dev.herald.event.MatchBudget;
import dev.herald.event.Matching;
import dev.herald.event.TopicSelector;
import dev.herald.hub.Subscriber.State;
import dev.herald.log.RecentEvents;
import dev.herald.log.SafeLogger;

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

    private static final SafeLogger LOG = SafeLogger.of(FanOut.class);

    private final Lane lane;
    private final RecentEvents recent;
    private final TopicIndex index = new TopicIndex();
    private final Set<Subscriber> pulling = new LinkedHashSet<>();
    private final IdentityHashMap<List<TopicSelector>, Matching> permissions = new IdentityHashMap<>();
    private final Tally tally = new Tally();
    private final ArrayList<Subscriber> touched = new ArrayList<>();
    private final List<Subscriber> failed = new ArrayList<>();
    private final Consumer<Subscriber> behind = this::fallBehind;
    private final Consumer<Subscriber> resumption = this::resume;
    private final Consumer<Subscriber> pull = this::pull;
    private Batch nothing = Batch.empty();
    private long position;
    private long reached;
    private boolean endedForItsCost;

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

    /**
     * Hands out one turn's worth. Returns whether there is more. After a failure, which may have left an event with a part
     * of its subscribers only, all of them read on from the log: each from its own cursor, so nothing is lost or doubled.
     */
    boolean turn() {
        try {
            return handOut();
        } catch (Throwable e) {
            recover(e);
            return false;
        }
    }

    private void recover(Throwable failure) {
        try {
            flushAll();
        } finally {
            fallBehind();
        }
        LOG.error(
                "Events could not be handed out. The subscribers of this event loop read them from the log.", failure);
    }

    private boolean handOut() {
        RecentEvents.Window fresh = recent.after(position, Long.MAX_VALUE, TURN_BYTES);
        if (!fresh.covered()) {
            fallBehind();
            return false;
        }
        if (fresh.through() > position) {
            // Before the position moves: one that falls behind must find all that is handed out from here on.
            reached = position;
            pulling.forEach(pull);
        }
        position = match(fresh);
        flushAll();
        tally.wrote();
        nothing = Batch.empty();
        return position < recent.head();
    }

    private void flushAll() {
        try {
            // By index: a write that fails in the worst way is met again by no later turn.
            for (int i = 0; i < touched.size(); i++) {
                flush(touched.get(i));
            }
            for (int i = 0; i < failed.size(); i++) {
                lane.cut(failed.get(i));
            }
        } finally {
            touched.clear();
            failed.clear();
        }
    }

    /** Whether the last turn ended since matching had cost enough for one. */
    boolean endedForItsCost() {
        return endedForItsCost;
    }

    /** Returns the last position matched. */
    private long match(RecentEvents.Window fresh) {
        long cost = 0;
        endedForItsCost = false;
        for (Event event : fresh.events()) {
            MatchBudget budget = new MatchBudget(MAX_UNITS);
            if (event.isPrivate()) {
                permissions.clear();
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
                endedForItsCost = true;
                return event.position();
            }
        }
        return fresh.through();
    }

    /** One subscriber that cannot be served ends, and the others of the event are served. */
    private void offer(Subscriber subscriber, Event event, MatchBudget budget) {
        if (subscriber.state() != State.LIVE) {
            return;
        }
        try {
            take(subscriber, event, budget);
        } catch (Throwable e) {
            // Out of those that are served, now; cut when the index is not being read.
            subscriber.enter(State.CATCHING_UP);
            failed.add(subscriber);
            LOG.error("A stream is cut off, since serving it failed. Its client resumes by id.", e);
        }
    }

    private void take(Subscriber subscriber, Event event, MatchBudget budget) {
        if (!subscriber.outlet.writable()) {
            subscriber.moveTo(event.position() - 1);
            subscriber.enter(State.CATCHING_UP);
            return;
        }
        Matching permission = permission(subscriber, event, budget);
        if (!permission.advance(budget)) {
            fallBehind(subscriber, event.position() - 1);
            return;
        }
        boolean first = !subscriber.pending();
        // Before it takes the event: what was taken must be written.
        touched.ensureCapacity(touched.size() + 1);
        if (subscriber.take(event, permission.matches(), nothing)) {
            if (first) {
                touched.add(subscriber);
            }
            tally.took(event);
        }
    }

    /** Whether the subscriber may read the event, as far as the budget allows. Private events: once for equal grants. */
    private Matching permission(Subscriber subscriber, Event event, MatchBudget budget) {
        Matching shared = event.isPrivate() ? permissions.get(subscriber.grants) : null;
        if (shared != null) {
            return shared;
        }
        Matching own = subscriber.permission(event);
        if (own.advance(budget) && event.isPrivate()) {
            permissions.put(subscriber.grants, own);
        }
        return own;
    }

    /** From a position on, the subscriber finds its events itself. */
    private void fallBehind(Subscriber subscriber, long from) {
        if (subscriber.state() == State.LIVE) {
            subscriber.moveTo(from);
            subscriber.enter(State.CATCHING_UP);
            resume(subscriber);
        }
    }

    /** What one socket does wrong must not keep the others from what they have taken already. */
    private void flush(Subscriber subscriber) {
        try {
            if (subscriber.pending()) {
                subscriber.flush();
            }
        } catch (Throwable e) {
            lane.cutAfter(e, subscriber);
        }
    }

    private void pull(Subscriber subscriber) {
        fallBehind(subscriber, reached);
    }

    /** The memory no longer has what comes next: all read it from the log. */
    private void fallBehind() {
        reached = position;
        // Takes no memory, so that it succeeds for all of them where memory is what was missing.
        lane.forEach(behind);
        position = recent.head();
        lane.forEach(resumption);
    }

    private void resume(Subscriber subscriber) {
        if (subscriber.state() == State.CATCHING_UP) {
            try {
                subscriber.resume();
            } catch (Throwable e) {
                subscriber.lost();
            }
        }
    }

    private void fallBehind(Subscriber subscriber) {
        if (subscriber.state() == State.LIVE) {
            subscriber.moveTo(reached);
            subscriber.enter(State.CATCHING_UP);
        }
    }
}
