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
 * Log of all events in one total order, kept within retention limits.
 *
 * <p>Thread-safe, also on an event loop: no method but {@link #close} blocks. Stages are complete when returned or
 * complete on a thread of the log, on which dependents must only hand over to their own thread. A stage fails only with
 * an {@link EventLogException}.
 */
public interface EventLog extends AutoCloseable {

    /**
     * Appends an update. When the stage completes, the event is as durable as configured, {@link #recent()} has it, and
     * all updates acknowledged earlier precede it. Cancelling the stage does not cancel the append.
     *
     * @return fails with {@link LogFullException} when the queue is full (a retry helps), with
     *     {@link LogClosedException} once the log is closed (a retry helps on another node), else with the reason why
     *     it could not be stored; a failed update is not in the log
     */
    CompletionStage<Event> append(Update update);

    /**
     * Appends a transient update: it is ordered and delivered, but leaves with {@link #recent()} and takes nothing from
     * retention. Never rejected as too many: the caller bounds its updates in flight.
     */
    CompletionStage<Event> appendTransient(Update update);

    /**
     * Reads kept events after a position whose topics match any of the selectors, in order. May return fewer than there
     * are, even none, and still advance to {@link Page#through()}. Ends early when matching costs too much; expensive
     * selectors delay only each other.
     *
     * @param after position to read from, exclusive; 0 precedes the first event
     * @param maxBytes stop after the event that reaches this sum of {@link Page#bytes}
     */
    CompletionStage<Page> read(long after, List<TopicSelector> selectors, int maxBytes);

    /**
     * Searches backwards from a position, newest first, for kept events whose topics match any of the selectors. They
     * are public or match any of the grants. May find fewer than there are, even none, and still go back to
     * {@link Lookback#from()}. Reads no data, so an event found may be damaged. Costs a bounded number of events,
     * matching or not.
     *
     * @param upTo position to start at, inclusive
     * @param count stop when this many are found, 1 or more
     */
    CompletionStage<Lookback> lookBack(long upTo, int count, List<TopicSelector> selectors, List<TopicSelector> grants);

    /**
     * Finds a kept event by its id; the earliest if publishers used it twice. Considers only events that are public or
     * match any of the grants, and a bounded number of those with one id. So an event that the caller may not read is
     * answered like an unknown one, in about the same time.
     */
    CompletionStage<Optional<Event>> find(EventId id, List<TopicSelector> grants);

    /**
     * Sets the follower of the log's growth. It is called with the newest position, once {@link #recent()} has it, by
     * one thread at a time. May skip positions. It must not block.
     *
     * @throws IllegalStateException if the log has a follower
     */
    void follow(LongConsumer listener);

    /** Horizon of retention: all kept events up to this position, inclusive, are gone; 0 when none is. */
    long horizon();

    /** Newest events, in memory; their head is the log's. */
    RecentEvents recent();

    /** Codec of this log's cursors. */
    Cursors cursors();

    /** Whether the log accepts updates, for readiness. */
    boolean writable();

    /** Stores accepted updates, fails waiting ones, and releases all resources. Idempotent. May block. */
    @Override
    void close();
}
