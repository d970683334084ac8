package dev.herald.hub;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import dev.herald.event.Event;
import dev.herald.frames.EnvelopeCache;
import dev.herald.frames.TurnFrames;
import dev.herald.hub.Subscriber.State;
import dev.herald.log.RecentEvents;
import dev.herald.logging.SafeLogger;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.Matching;
import dev.herald.selector.TopicSelector;
import dev.herald.stats.LaneCounter;
import dev.herald.stats.LaneStats;
import dev.herald.stats.StreamEnd;
import dev.herald.tracing.DeliveryTraces;

/**
 * Live delivery of new events to the subscribers of one lane. Subscribers under backpressure fall behind and catch up
 * from the log. Belongs to the lane's thread.
 *
 * <p>A subscriber with expensive templates or grants gets no live events: it falls behind in each turn and pulls its
 * events by {@link CatchUp}. The same happens to all subscribers with templates when an event has topics that are
 * expensive to match. So no set of selectors delays subscribers of exact topics or of all topics.
 */
final class FanOut {
    /** Approximate size of one turn, in bytes, so that one loop serves all its tasks. */
    private static final int TURN_BYTES = 32 << 10;

    /**
     * Matching cost at which an event leaves subscribers with templates behind, and at which a turn ends: some hundred
     * microseconds.
     */
    static final long MAX_UNITS = 200_000;

    private static final SafeLogger LOG = SafeLogger.of(FanOut.class);

    private final Subscriber.Owner owner;
    private final RecentEvents recent;
    private final TopicIndex index = new TopicIndex();
    private final Set<Subscriber> pulling = new LinkedHashSet<>();
    private final IdentityHashMap<List<TopicSelector>, Matching> permissions = new IdentityHashMap<>();
    private final LaneStats stats;
    private final DeliveryTraces traces;
    private final ArrayList<Subscriber> toFlush = new ArrayList<>();
    private final List<Subscriber> toCut = new ArrayList<>();
    private final Consumer<Subscriber> behind = this::fallBehind;
    private final Consumer<Subscriber> resumption = this::resume;
    private final Consumer<Subscriber> pull = this::pull;
    private final TurnFrames frames;
    private long position;
    private long catchUpFrom;
    private boolean costLimitReached;

    /** Starts at the log's current head. */
    FanOut(
            Subscriber.Owner owner,
            RecentEvents recent,
            LaneStats stats,
            DeliveryTraces traces,
            EnvelopeCache envelopes) {
        this.owner = owner;
        this.recent = recent;
        this.stats = stats;
        this.traces = traces;
        this.frames = new TurnFrames(envelopes);
        this.position = recent.head();
        stats.set(LaneCounter.POSITION, position);
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
        countSelections();
    }

    void remove(Subscriber subscriber) {
        if (!pulling.remove(subscriber)) {
            index.remove(subscriber);
        }
        countSelections();
    }

    private void countSelections() {
        stats.set(LaneCounter.TOPICS, index.topics());
        stats.set(LaneCounter.TEMPLATES, index.templates());
        stats.set(LaneCounter.WILDCARDS, index.wildcards());
        stats.set(LaneCounter.PULLING, pulling.size());
    }

    /** Last position delivered. */
    long position() {
        return position;
    }

    /**
     * Delivers one turn of events. Returns whether more are pending. A failure may leave an event delivered to some
     * subscribers only. All then read the log from their own cursors, so nothing is lost or duplicated.
     */
    boolean turn() {
        try {
            return deliverNext();
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
        LOG.error("Events could not be delivered. The subscribers of this event loop read them from the log.", failure);
    }

    private boolean deliverNext() {
        RecentEvents.Window fresh = recent.after(position, Long.MAX_VALUE, TURN_BYTES);
        if (!fresh.covered()) {
            fallBehind();
            return false;
        }
        if (fresh.through() > position) {
            // Before the position moves: a subscriber that falls behind must find all events of this turn.
            catchUpFrom = position;
            pulling.forEach(pull);
        }
        // An update is traced before its event is among the fresh ones.
        boolean traced = traces.active();
        position = match(fresh, traced);
        flushAll();
        stats.set(LaneCounter.POSITION, position);
        stats.flushed();
        if (traced) {
            traces.passed(owner, position);
        }
        frames.begin();
        return position < recent.head();
    }

    private void flushAll() {
        try {
            // By index, so that an {@code Error} in one write leaves no entry for a later turn.
            for (int i = 0; i < toFlush.size(); i++) {
                flush(toFlush.get(i));
            }
            for (int i = 0; i < toCut.size(); i++) {
                owner.cut(toCut.get(i));
            }
        } finally {
            toFlush.clear();
            toCut.clear();
        }
    }

    /** Whether the last turn reached its limit of matching cost, or of envelopes. */
    boolean costLimitReached() {
        return costLimitReached;
    }

    /** Returns the last position matched. */
    private long match(RecentEvents.Window fresh, boolean traced) {
        long cost = 0;
        costLimitReached = false;
        for (Event event : fresh.events()) {
            MatchBudget budget = new MatchBudget(MAX_UNITS);
            long enqueuedBefore = stats.enqueuedSinceFlush();
            if (event.isPrivate()) {
                permissions.clear();
            }
            if (!index.match(event, budget, subscriber -> offer(subscriber, event, budget))) {
                owner.forEach(subscriber -> {
                    if (subscriber.usesTemplates()) {
                        fallBehind(subscriber, event.position() - 1);
                    }
                });
            }
            if (traced) {
                traces.matched(event.position(), stats.enqueuedSinceFlush() - enqueuedBefore);
            }
            cost += MAX_UNITS - budget.left();
            if (cost >= MAX_UNITS || frames.full()) {
                costLimitReached = true;
                return event.position();
            }
        }
        return fresh.through();
    }

    /** Offers an event to one subscriber. A failure ends only that stream. */
    private void offer(Subscriber subscriber, Event event, MatchBudget budget) {
        if (subscriber.state() != State.LIVE) {
            return;
        }
        try {
            deliver(subscriber, event, budget);
        } catch (Throwable e) {
            // Excluded now, cut later: the index must not change while it is being read.
            subscriber.enter(State.CATCHING_UP);
            subscriber.endsFor(StreamEnd.FAILED);
            toCut.add(subscriber);
            LOG.error("A stream is cut off, since serving it failed. Its client resumes by id.", e);
        }
    }

    private void deliver(Subscriber subscriber, Event event, MatchBudget budget) {
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
        // Before the event is enqueued: every enqueued event must be written.
        toFlush.ensureCapacity(toFlush.size() + 1);
        if (subscriber.enqueue(event, permission.matches(), frames)) {
            if (first) {
                toFlush.add(subscriber);
            }
            stats.enqueued(event);
        }
    }

    /**
     * Whether the subscriber may read the event, as far as the budget allows. Private events: once for equal grants.
     */
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

    /** Switches a live subscriber to catching up from a position. */
    private void fallBehind(Subscriber subscriber, long from) {
        if (subscriber.state() == State.LIVE) {
            subscriber.moveTo(from);
            subscriber.enter(State.CATCHING_UP);
            resume(subscriber);
        }
    }

    /** Writes the pending frames of one subscriber. A failure cuts only its stream. */
    private void flush(Subscriber subscriber) {
        try {
            if (subscriber.pending()) {
                subscriber.flush();
                stats.written();
            }
        } catch (Throwable e) {
            owner.cutAfter(e, subscriber);
        }
    }

    private void pull(Subscriber subscriber) {
        fallBehind(subscriber, catchUpFrom);
    }

    /** Makes all subscribers read from the log, after a gap in the recent events. */
    private void fallBehind() {
        catchUpFrom = position;
        // Allocates nothing, so that it succeeds for all of them after an {@code OutOfMemoryError}.
        owner.forEach(behind);
        position = recent.head();
        stats.set(LaneCounter.POSITION, position);
        owner.forEach(resumption);
        if (traces.active()) {
            traces.passed(owner, position);
        }
    }

    private void resume(Subscriber subscriber) {
        if (subscriber.state() == State.CATCHING_UP) {
            try {
                subscriber.resume();
            } catch (Throwable e) {
                subscriber.markBroken();
            }
        }
    }

    private void fallBehind(Subscriber subscriber) {
        if (subscriber.state() == State.LIVE) {
            subscriber.moveTo(catchUpFrom);
            subscriber.enter(State.CATCHING_UP);
        }
    }
}
