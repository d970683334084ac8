package dev.herald.hub;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Frame;
import dev.herald.event.MatchMemo;
import dev.herald.event.Matching;
import dev.herald.event.TopicFilter;
import dev.herald.event.TopicSelector;

/**
 * One open stream: where it stands in the log, and what waits to be written in this turn. All state belongs to the
 * lane's thread; {@link #resume()} and {@link #cancel()} may be called from any thread.
 */
public final class Subscriber extends TimingWheel.Entry {
    /** No time at all, in nanoseconds. */
    static final long NEVER = Long.MAX_VALUE;

    private static final TopicFilter NOTHING = new TopicFilter(List.of());

    final List<TopicSelector> selectors;
    final List<TopicSelector> grants;
    final boolean signals;
    final Outlet outlet;
    final Optional<String> payload;
    /** By {@link Subscription#heapBytes()}. */
    final long heapBytes;
    /** By {@link Subscription#selectorBytes()}. */
    final long selectorBytes;

    /** By what it is known to others; null while it is known to nobody. */
    UUID name;

    private final Lane lane;
    private final TopicFilter granted;
    private final boolean usesTemplates;
    private final boolean expensive;
    /** Whether it is never handed events, but always selects them itself. */
    private boolean pulls;

    private final Optional<String> requested;
    /** While it is behind; made when needed, since most never read the log. */
    private TopicFilter wanted;

    private Batch pending;
    private State state = State.CATCHING_UP;
    private boolean reading;
    private volatile boolean broken;
    private boolean beginsWithTheOldest;
    private boolean replaying;
    private long cursor;
    private long wroteAt;
    private long identifiedAt;
    private long endsAt = NEVER;

    /** @param selectors of the subscription, or the same as another subscriber holds them */
    Subscriber(Lane lane, Subscription subscription, List<TopicSelector> selectors, Outlet outlet, long now) {
        this.lane = lane;
        this.selectors = selectors;
        this.grants = subscription.grants();
        this.usesTemplates = selectors.stream().anyMatch(TopicSelector.Template.class::isInstance);
        this.expensive = TopicSelector.expensive(selectors) || TopicSelector.expensive(grants);
        this.signals = subscription.signals();
        this.granted = subscription.grants().isEmpty() ? NOTHING : new TopicFilter(subscription.grants());
        this.replaying = subscription.since().isPresent() && subscription.signals();
        this.requested = subscription.requested().filter(id -> id.length() <= EventId.MAX_BYTES);
        this.payload = subscription.payload();
        this.heapBytes = subscription.heapBytes();
        this.selectorBytes = subscription.selectorBytes();
        this.outlet = outlet;
        this.wroteAt = now;
        this.identifiedAt = now;
    }

    /** What it asked to continue from, unless that is too long to be kept for as long as the stream. */
    Optional<String> requested() {
        return requested;
    }

    /** Whether any of its selectors is a template. */
    boolean usesTemplates() {
        return usesTemplates;
    }

    /** Whether its selectors or grants are too expensive to be matched on an event loop. */
    boolean expensive() {
        return expensive;
    }

    /** From now on it is handed no events, but selects them itself. */
    void pull() {
        pulls = true;
    }

    /**
     * Selects of events up to a position those that it asked for and may read.
     *
     * @param memo of the lane
     */
    Selection select(List<Event> events, long through, MatchMemo memo) {
        if (wanted == null) {
            wanted = new TopicFilter(selectors);
        }
        return new Selection(wanted, granted, expensive ? MatchMemo.NONE : memo, events, cursor, through);
    }

    /** Selects of events up to a position, all of which it asked for, those that it may read. */
    Selection selectPermitted(List<Event> events, long through) {
        return new Selection(null, granted, MatchMemo.NONE, events, cursor, through);
    }

    /** {@link TopicFilter#permission} by its grants. */
    Matching permission(Event event) {
        return granted.permission(event, MatchMemo.NONE);
    }

    /**
     * To be called when the outlet has become {@link Outlet#writable()} again. Takes effect later, never within the call:
     * a socket may become writable in the middle of a write.
     */
    public void resume() {
        lane.defer(this, () -> lane.advance(this));
    }

    /** To be called when the connection has ended. Idempotent. */
    public void cancel() {
        lane.run(this, () -> lane.forget(this));
    }

    State state() {
        return state;
    }

    void enter(State next) {
        if (state == State.CLOSED) {
            throw new IllegalStateException("A closed subscriber becomes " + next + ".");
        }
        state = next;
        if (next == State.LIVE && !pulls) {
            wanted = null;
        }
    }

    /** The last position considered for this subscriber: written, or skipped as not its own. */
    long cursor() {
        return cursor;
    }

    void moveTo(long position) {
        cursor = Math.max(cursor, position);
    }

    /** Whether it is to be told that what it asked for of the past ends here; the first time only. */
    boolean endsReplay() {
        boolean ends = replaying;
        replaying = false;
        return ends;
    }

    /** Whether it is still to get the oldest event that is left, whichever that is by then. */
    boolean beginsWithTheOldest() {
        return beginsWithTheOldest;
    }

    void beginsWithTheOldest(boolean now) {
        beginsWithTheOldest = now;
    }

    /** Whether a page of the log is being read for it. */
    boolean reading() {
        return reading;
    }

    void reading(boolean now) {
        reading = now;
    }

    /** A step of it was lost on another thread: it is cut at the next visit. May be called from any thread. */
    void lost() {
        broken = true;
    }

    /** Whether a step of it was lost, so that it would stand still for ever. */
    boolean isLost() {
        return broken;
    }

    /**
     * Takes the event into this turn's write, unless it was considered before or is none of its business.
     *
     * @param permits whether it may learn of the event
     * @param nothing where this turn's batches begin
     */
    boolean take(Event event, boolean permits, Batch nothing) {
        if (event.position() <= cursor) {
            return false;
        }
        if (permits) {
            pending = (pending == null ? nothing : pending).and(event.frame());
        }
        // Last: an event that could not be taken has not been considered.
        cursor = event.position();
        return permits;
    }

    /** Whether {@link #flush} has something to write. */
    boolean pending() {
        return pending != null;
    }

    /** Writes what {@link #take} collected, as one write. */
    void flush() {
        List<Frame> frames = pending.frames();
        pending = null;
        write(frames, true);
    }

    /** Writes frames for this subscriber alone, if there are any; the list must never change. */
    void write(List<Frame> frames) {
        if (!frames.isEmpty()) {
            write(frames, false);
        }
    }

    private void write(List<Frame> frames, boolean shared) {
        outlet.write(frames, shared);
        wroteAt = lane.now();
        identifiedAt = wroteAt;
    }

    /** Writes lines that have no id. */
    void writeComment(List<Frame> comment) {
        outlet.write(comment, false);
        wroteAt = lane.now();
    }

    /** How long nothing was written, in nanoseconds. */
    long quietNanos(long now) {
        return now - wroteAt;
    }

    /** How long no id was written, in nanoseconds. */
    long unidentifiedNanos(long now) {
        return now - identifiedAt;
    }

    /** Ends it at this time, by {@link System#nanoTime()}, unless it ends before. */
    void endBy(long nanos) {
        endsAt = endsAt == NEVER || nanos - endsAt < 0 ? nanos : endsAt;
    }

    /** How long it may go on, in nanoseconds: 0 or less when its time is up, else {@link #NEVER} when it may for ever. */
    long nanosLeft(long now) {
        return endsAt == NEVER ? NEVER : endsAt - now;
    }

    /** What becomes of a stream, in this order, with the way back from live to catching up. */
    enum State {
        /** It reads from the log, at the speed of its socket. */
        CATCHING_UP,
        /** The lane hands it each matching event as it comes. */
        LIVE,
        /** The lane has forgotten it. */
        CLOSED
    }
}
