package dev.herald.hub;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Frame;
import dev.herald.frames.SharedBatch;
import dev.herald.frames.TurnFrames;
import dev.herald.log.TopicSnapshot;
import dev.herald.replay.Selection;
import dev.herald.selector.MatchMemo;
import dev.herald.selector.Matching;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;
import dev.herald.stats.LaneCounter;
import dev.herald.stats.LaneStats;
import dev.herald.stats.StreamEnd;

/**
 * One open stream: its position in the log, and its pending frames of this turn. All state belongs to the lane's
 * thread; methods for any thread are marked.
 */
public final class Subscriber extends StreamTimes {
    /** Action of a stream whose end concerns no one else. */
    static final Runnable NOTHING = () -> {};

    private static final TopicFilter NO_GRANTS = new TopicFilter(List.of());

    final List<TopicSelector> selectors;
    final List<TopicSelector> grants;
    final boolean signals;
    /** Whether it gets each event as a JSON object. */
    final boolean envelope;

    final Outlet outlet;
    final Optional<String> payload;
    /** By {@link Subscription#heapBytes()}. */
    final long heapBytes;
    /** By {@link Subscription#selectorBytes()}. */
    final long selectorBytes;
    /** Runs once when the stream has ended. */
    final Runnable onEnd;

    /** Public identifier; null until it is reported to the listener. */
    UUID name;

    private final Owner owner;
    private final TopicFilter granted;
    private final boolean usesTemplates;
    private final boolean expensive;
    /** Whether it gets no live events, but always pulls them. */
    private boolean pulls;

    private final Optional<String> requested;
    /** Filter of the selectors while it catches up; created on demand, since most subscribers never read the log. */
    private TopicFilter wanted;

    private SharedBatch pending;
    private State state = State.CATCHING_UP;
    private StreamEnd end = StreamEnd.DISCONNECTED;
    private boolean reading;
    private volatile boolean broken;
    private boolean startsAtOldest;
    private boolean replaying;
    /** Events that it gets before all later ones; null without. */
    private TopicSnapshot snapshot;
    /** End of the requested replay: later events are live. */
    private long replayEnd;

    private long cursor;

    /** @param selectors of the subscription, or an equal list of another subscriber */
    Subscriber(
            Owner owner,
            Subscription subscription,
            List<TopicSelector> selectors,
            Outlet outlet,
            Runnable onEnd,
            long now) {
        super(now);
        this.owner = owner;
        this.selectors = selectors;
        this.grants = subscription.grants();
        this.usesTemplates = selectors.stream().anyMatch(TopicSelector.Template.class::isInstance);
        this.expensive = TopicSelector.expensive(selectors) || TopicSelector.expensive(grants);
        this.signals = subscription.signals();
        this.envelope = subscription.envelope();
        this.granted = subscription.grants().isEmpty() ? NO_GRANTS : new TopicFilter(subscription.grants());
        this.replaying = subscription.since().isPresent() && subscription.signals();
        this.requested = subscription.requested().filter(id -> id.length() <= EventId.MAX_BYTES);
        this.payload = subscription.payload();
        this.heapBytes = subscription.heapBytes();
        this.selectorBytes = subscription.selectorBytes();
        this.outlet = outlet;
        this.onEnd = onEnd;
    }

    /** Requested event id or cursor, unless it is too long to be kept for the life of the stream. */
    Optional<String> requested() {
        return requested;
    }

    boolean usesTemplates() {
        return usesTemplates;
    }

    /** Whether its selectors or grants are too expensive to match on an event loop. */
    boolean expensive() {
        return expensive;
    }

    /** Makes it pull its events instead of getting them live. */
    void pull() {
        pulls = true;
    }

    /**
     * Selects the events up to a position that match its selectors and that it may read.
     *
     * @param memo of the lane
     */
    Selection select(List<Event> events, long through, MatchMemo memo) {
        if (wanted == null) {
            wanted = new TopicFilter(selectors);
        }
        return new Selection(wanted, granted, expensive ? MatchMemo.NONE : memo, events, cursor, through);
    }

    /** Selects the events up to a position that it may read, from events that match its selectors. */
    Selection selectPermitted(List<Event> events, long through) {
        return new Selection(null, granted, MatchMemo.NONE, events, cursor, through);
    }

    /** {@link TopicFilter#permission} by its grants. */
    Matching permission(Event event) {
        return granted.permission(event, MatchMemo.NONE);
    }

    /**
     * Call when the outlet has become {@link Outlet#writable()} again. Never takes effect within the call, since a
     * socket may become writable during a write. Thread-safe.
     */
    public void resume() {
        owner.defer(this, () -> owner.advance(this));
    }

    /** Call when the connection has ended. Thread-safe. Idempotent. */
    public void cancel() {
        owner.run(this, () -> owner.remove(this));
    }

    /**
     * Ends the stream with a notice, after the bytes that wait for its socket. In a bounded share of the loop's time:
     * many may end at once. Thread-safe. Idempotent.
     */
    public void end(EndNotice notice) {
        owner.defer(this, () -> owner.end(this, notice));
    }

    /** Its selectors. Thread-safe. */
    public List<TopicSelector> selectors() {
        return selectors;
    }

    /** Whether it accepts the hub's own blocks. Thread-safe. */
    public boolean signals() {
        return signals;
    }

    /** Progress of the stream; empty if it has ended. Thread-safe; completes on the lane's thread. */
    public CompletionStage<Optional<Progress>> progress() {
        CompletableFuture<Optional<Progress>> progress = new CompletableFuture<>();
        owner.run(
                this,
                () -> progress.complete(
                        state == State.CLOSED
                                ? Optional.empty()
                                : Optional.of(new Progress(
                                        state == State.LIVE,
                                        Math.max(0, owner.position() - cursor),
                                        outlet.pendingBytes()))));
        return progress;
    }

    /**
     * Progress of an open stream.
     *
     * @param live whether it gets events at once; otherwise it is catching up
     * @param behind number of positions of the log that it has not considered yet; 0 when live
     * @param pendingBytes bytes that wait for its socket
     */
    public record Progress(boolean live, long behind, long pendingBytes) {}

    /** Call before {@link #cancel()} if the connection ended since the client acknowledged nothing. On the lane's thread. */
    public void markVanished() {
        endsFor(StreamEnd.VANISHED);
    }

    /** Sets the reason for which it is about to end; without one, the client has disconnected. */
    void endsFor(StreamEnd reason) {
        end = reason;
    }

    State state() {
        return state;
    }

    void enter(State next) {
        if (state == State.CLOSED) {
            throw new IllegalStateException("A closed subscriber becomes " + next + ".");
        }
        count(state, next);
        state = next;
        if (next == State.LIVE && !pulls) {
            wanted = null;
        }
    }

    private void count(State before, State next) {
        LaneStats stats = owner.stats();
        if (next == State.LIVE) {
            stats.increment(LaneCounter.LIVE);
            stats.increment(LaneCounter.CAUGHT_UP);
        } else if (before == State.LIVE) {
            stats.add(LaneCounter.LIVE, -1);
        }
        if (next == State.CLOSED) {
            stats.ended(end);
        } else if (before == State.LIVE) {
            stats.increment(LaneCounter.FELL_BEHIND);
        }
    }

    /** Last position considered for this subscriber: written, or skipped as not matching. */
    long cursor() {
        return cursor;
    }

    /**
     * Position up to which all of its events were written: a reader that continues after it gets the others, and no
     * event again. Empty while events wait for the end of a turn. On the lane's thread.
     */
    public OptionalLong reached() {
        if (pending != null) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(state == State.LIVE ? Math.max(cursor, owner.position()) : cursor);
    }

    void moveTo(long position) {
        cursor = Math.max(cursor, position);
    }

    /** Begins its stream after a position; a requested replay reaches at least to {@code head}. */
    void begin(long position, long head) {
        moveTo(position);
        replayEnd = replaying ? head : 0;
    }

    /** Sets the snapshot that its stream starts with. */
    void startWith(TopicSnapshot start) {
        snapshot = start;
    }

    /** Snapshot whose events it gets until its cursor has reached the end. */
    Optional<TopicSnapshot> snapshot() {
        return Optional.ofNullable(snapshot);
    }

    /** Removes the snapshot. Returns its heap bytes, 0 without one. */
    long removeSnapshot() {
        long bytes = snapshot == null ? 0 : snapshot.heapBytes();
        snapshot = null;
        return bytes;
    }

    /** Whether events of its replay may still follow. */
    boolean beforeReplayEnd() {
        return cursor < replayEnd;
    }

    /** Ends the replay. Returns whether its end must be reported; true at most once. */
    boolean finishReplay() {
        boolean ends = replaying;
        replaying = false;
        return ends;
    }

    /** Whether it must start with the oldest retained event at that time. */
    boolean startsAtOldest() {
        return startsAtOldest;
    }

    void startsAtOldest(boolean now) {
        startsAtOldest = now;
    }

    /** Whether a page is being read or selected for it. */
    boolean reading() {
        return reading;
    }

    void reading(boolean now) {
        reading = now;
    }

    /** Marks the stream as broken, since one of its steps was lost: the next timer visit cuts it. Thread-safe. */
    void markBroken() {
        broken = true;
    }

    /** Whether a step was lost, so that it would never advance. */
    boolean isBroken() {
        return broken;
    }

    /**
     * Adds the event to this turn's write, unless it was already considered or may not be read.
     *
     * @param permits whether the subscriber may read the event
     * @param frames of this turn
     */
    boolean enqueue(Event event, boolean permits, TurnFrames frames) {
        if (event.position() <= cursor) {
            return false;
        }
        if (permits) {
            pending = (pending == null ? frames.root(envelope) : pending).and(frames.frame(event, envelope));
        }
        // Last: an event that could not be added has not been considered.
        cursor = event.position();
        return permits;
    }

    /** Whether {@link #flush} has frames to write. */
    boolean pending() {
        return pending != null;
    }

    /** Writes the frames of {@link #enqueue}, as one write. */
    void flush() {
        List<Frame> frames = pending.frames();
        pending = null;
        write(frames, true);
    }

    /** Writes frames to this subscriber alone; does nothing for an empty list. The list must be immutable. */
    void write(List<Frame> frames) {
        if (!frames.isEmpty()) {
            write(frames, false);
        }
    }

    private void write(List<Frame> frames, boolean shared) {
        outlet.write(frames, shared);
        wroteId(owner.now());
    }

    /** Writes frames without an id. */
    void writeComment(List<Frame> comment) {
        outlet.write(comment, false);
        wroteComment(owner.now());
    }

    /**
     * Port to the {@link Lane} of a subscriber, which runs its steps and ends it. All methods but {@link #run} and
     * {@link #defer} must be called on the lane's thread.
     */
    interface Owner {
        /** Start of the current step, by {@link System#nanoTime()}. */
        long now();

        /** Last position delivered to live subscribers. */
        long position();

        /** Counters of the lane. */
        LaneStats stats();

        /**
         * Runs a step of a subscriber: at once on the lane's thread, else soon. A failing step ends only this stream.
         * Thread-safe.
         */
        void run(Subscriber subscriber, Runnable step);

        /** As {@link #run}, but never within the call, and in a bounded share of the lane's time. Thread-safe. */
        void defer(Subscriber subscriber, Runnable step);

        /** As {@link #run}, but after the lane has read the newest events. Must be called on the lane's thread. */
        void runAfterTurn(Subscriber subscriber, Runnable step);

        /** Releases the snapshot of a subscriber, if it has one. */
        void releaseSnapshot(Subscriber subscriber);

        /** Runs the next catch-up step of a writable subscriber. */
        void advance(Subscriber subscriber);

        /** Calls {@code action} for each subscriber; it must add and remove none. */
        void forEach(Consumer<Subscriber> action);

        /** Whether the subscriber has considered all delivered events, and accepts signals. */
        boolean atHead(Subscriber subscriber);

        /** Records events that were replayed to a subscriber. */
        void replayed(List<Event> events);

        /** Removes a subscriber at once: nothing more is written to it. Idempotent. */
        void remove(Subscriber subscriber);

        /** Ends a stream with a reconnection time. */
        void end(Subscriber subscriber);

        /** Ends a stream with a notice, if it accepts signals; else with a reconnection time. */
        void end(Subscriber subscriber, EndNotice notice);

        /** Ends a stream that has expired; while draining, after all accepted events. */
        void expire(Subscriber subscriber);

        /** Ends a stream whose client does not read: pending bytes are dropped, and the client may resume. */
        void cut(Subscriber subscriber);

        /** Cuts a stream that could not be served, and reports the failure. Never throws. */
        void cutAfter(Throwable failure, Subscriber subscriber);
    }

    /** States of a stream, in this order; a live one can return to catching up. */
    enum State {
        /** It reads from the log, at the speed of its socket. */
        CATCHING_UP,
        /** The lane delivers each matching event at once. */
        LIVE,
        /** The lane has removed it. */
        CLOSED
    }
}
