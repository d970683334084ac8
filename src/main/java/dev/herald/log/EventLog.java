package dev.herald.log;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Update;
import dev.herald.selector.TopicSelector;

/**
 * The order of all events, and their keeper for as long as retention allows.
 *
 * <p>Every method may be called from any thread, an event loop included: none blocks, and stages are
 * complete when returned or complete on a thread of the log's own, where callers do no more than hand over to a thread of
 * theirs. A stage fails only with an
 * {@link EventLogException}.
 */
public interface EventLog extends AutoCloseable {

    /**
     * Gives the update its place. When the stage completes, the event is as durable as configured, {@link #recent()} has
     * it, and every update answered earlier stands before it. A caller that loses interest changes nothing.
     *
     * @return fails with {@link LogFullException} when too many updates wait already (a retry helps), with
     *     {@link LogClosedException} once the log is closed (a retry helps on another node), else with the reason why it
     *     could not be kept; a failed update is not in the log
     */
    CompletionStage<Event> append(Update update);

    /**
     * As {@link #append}, for an update that is news and no history: it gets its place in the order and is delivered, and
     * leaves with {@link #recent()}. It takes nothing from what retention keeps. Never refused as too many: the caller has
     * only a few wait at a time.
     */
    CompletionStage<Event> pass(Update update);

    /**
     * Reads on after a position, in order: kept events whose topics match any of the selectors. May return fewer than there
     * are, even none, and yet have moved on: {@link Page#through()} says how far. Ends early when matching costs too much;
     * expensive selectors delay only each other.
     *
     * @param after position to continue from, exclusive; 0 is before the first event ever
     * @param maxBytes stop after the event that reaches this sum of {@link Page#bytes}
     */
    CompletionStage<Page> read(long after, List<TopicSelector> selectors, int maxBytes);

    /**
     * Looks back from a position, newest first, for kept events whose topics match any of the selectors, and which are public
     * or match any of the grants. May find fewer than there are, even none, and yet have gone back:
     * {@link Lookback#from()} says how far. Reads no data, so an event that is found may turn out to be damaged. Costs
     * a bounded number of events, whether they match or not.
     *
     * @param upTo position to begin with, inclusive
     * @param count stop when so many are found, 1 or more
     */
    CompletionStage<Lookback> lookBack(long upTo, int count, List<TopicSelector> selectors, List<TopicSelector> grants);

    /**
     * Finds a kept event by its id: where publishers gave one id twice, the earliest that is left. Considers only events
     * which are public or match any of the grants, and of those of one id a bounded number: a caller that may not read an
     * event is answered as if it were not there, and about as fast.
     */
    CompletionStage<Optional<Event>> find(EventId id, List<TopicSelector> grants);

    /**
     * Sets who is told that the log has grown: called with the newest position, after it can be read from
     * {@link #recent()}, and by one thread at a time. May skip positions. The listener must not block.
     *
     * @throws IllegalStateException if somebody follows already
     */
    void follow(LongConsumer listener);

    /** Retention's horizon: every kept event up to this position, inclusive, is gone; 0 when none is. */
    long horizon();

    /** The newest events, in memory; their head is the log's. */
    RecentEvents recent();

    /** Seals positions of this log, and opens those that were sealed for it. */
    Cursors cursors();

    /** Whether the log can take updates now; for readiness. */
    boolean writable();

    /** Keeps what was accepted, fails what waits, and lets go of all resources. Idempotent. May block. */
    @Override
    void close();
}
