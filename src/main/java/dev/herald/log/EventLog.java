package dev.herald.log;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Receipt;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.identity.Revocation;
import dev.herald.selector.TopicSelector;

/**
 * Log of all events in one total order, kept within retention limits.
 *
 * <p>Thread-safe, also on an event loop: no method but {@link #close} and {@link #stats} blocks. Stages are complete when returned or
 * complete on a thread of the log, on which dependents must only hand over to their own thread. A stage fails only with
 * an {@link EventLogException}.
 */
public interface EventLog extends AutoCloseable {

    /**
     * Appends an update. When the stage completes, the event is as durable as configured, {@link #recent()} has it, and
     * all updates acknowledged earlier precede it. Cancelling the stage does not cancel the append.
     *
     * @return fails with {@link LogFullException} when the queue is full (a retry helps). Fails with
     *     {@link LogClosedException} once the log is closed (a retry helps on another node), else with the reason why
     *     it could not be stored. A failed update is not in the log, except after an {@link UnknownOutcomeException}
     */
    CompletionStage<Event> append(Update update);

    /**
     * Appends the updates of a batch: all or none, one after the other, with no other update between them. Otherwise as
     * {@link #append(Update)}.
     *
     * <p>A batch with a key is appended once within the lifetime of keys ({@link Retention.Keys}), also across a crash
     * and a restart. The key is stored together with the events. If it was appended before, or waits to be, the stage
     * completes with the same ids, and nothing is appended.
     *
     * @return fails as {@link #append(Update)} does; with {@link KeyReusedException} if the key was used for other
     *     updates (a retry does not help). Fails with {@link KeysFullException} if too many keys are kept (a retry
     *     helps)
     */
    default CompletionStage<Receipt> append(UpdateBatch batch) {
        return append(batch, AppendListener.NONE);
    }

    /**
     * As {@link #append(UpdateBatch)}.
     *
     * @param listener called when the batch is taken from the queue, and when it is stored; not if it fails, or was
     *     appended before
     */
    CompletionStage<Receipt> append(UpdateBatch batch, AppendListener listener);

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
     * Searches for the newest kept event of each topic, up to the head of the log at this call (PROTOCOL Q18). It
     * considers the topics that any of the selectors matches, and events that are public or match any of the grants.
     * Costs O(log n) a topic, whether or not a template matches it, and a row for each newer event that the caller may
     * not read. Runs in steps of bounded cost, between which others are served; expensive selectors delay only each
     * other. Reads no data, so an event found may be damaged.
     *
     * @param cancelled whether the search is to end early, with any result; called before each further step, on a
     *     thread of the log
     */
    CompletionStage<TopicSnapshot> latest(
            List<TopicSelector> selectors, List<TopicSelector> grants, BooleanSupplier cancelled);

    /**
     * Reads the next events of a snapshot, in order. Page by page it ends at {@link TopicSnapshot#asOf()}. As
     * {@link #read(long, List, int)}, a page begins after events that are missing, which the reader must report. What
     * retention removes before the first event was read is not missing: it is not part of the snapshot. An event that
     * was purged since the snapshot was taken is left out.
     *
     * <p>As with any page, the caller verifies by its grants that it may read an event.
     *
     * @param after position to read from, exclusive: {@link TopicSnapshot#start()}, then {@link Page#through()}
     * @param selectors those of the snapshot
     * @param maxBytes as of {@link #read(long, List, int)}
     */
    CompletionStage<Page> read(TopicSnapshot snapshot, long after, List<TopicSelector> selectors, int maxBytes);

    /**
     * Finds a kept event by its id; the earliest if publishers used it twice. Considers only events that are public or
     * match any of the grants, and a bounded number of those with one id. So an event that the caller may not read is
     * answered like an unknown one, in about the same time.
     */
    CompletionStage<Optional<Event>> find(EventId id, List<TopicSelector> grants);

    /**
     * Deletes events for ever: those that were acknowledged before this call, from the log and from {@link #recent()}.
     * Their positions remain, so readers get no gap. When retention removes other events does not change. Runs in steps,
     * between which updates are stored. Pages that were read before may still be delivered.
     *
     * @return fails with {@link LogFullException} when too many wait (a retry helps), else with the reason why it ended
     *     early. Then some events may have been deleted, and a retry deletes the others
     */
    CompletionStage<Purged> purge(Purge purge);

    /**
     * Finds the position of the earliest public event that had this id before it was purged. Private ones are not found,
     * since the topics that a grant would have to match are deleted, too. Costs nothing if there are no purged events.
     */
    CompletionStage<OptionalLong> findPurged(EventId id);

    /**
     * Keeps a revocation until it ends, in place of an earlier one of its target. It is as durable as an event when the
     * stage completes. The caller bounds their number.
     *
     * @return fails as {@link #append}
     */
    CompletionStage<Void> keep(Revocation revocation);

    /** Deletes the revocation of this target, if there is one. See {@link #keep}. */
    CompletionStage<Void> forget(Revocation.Target target);

    /** Revocations that were kept when the log was opened and have not ended by then. */
    List<Revocation> revocations();

    /**
     * Sets the follower of the log's growth. It is called with the newest position, once {@link #recent()} has it, by
     * one thread at a time. May skip positions. It must not block.
     *
     * @throws IllegalStateException if the log has a follower
     */
    void follow(LongConsumer listener);

    /**
     * Brings this node up to date with a log that it shares with others, for a client that comes from a quicker node.
     *
     * @return completes with true once this node has all that the shared log had at this call; with false at once if
     *     there is nothing to wait for. Fails if the shared log cannot be reached (a retry helps).
     */
    default CompletionStage<Boolean> catchUp() {
        return CompletableFuture.completedStage(false);
    }

    /**
     * Sets the follower of the revocations that other nodes keep or end. A log of one node has no others. Called by one
     * thread at a time, which it must not block.
     */
    default void followRevocations(RevocationFollower follower) {
        // There is no other node.
    }

    /** Horizon of retention: all kept events up to this position, inclusive, were removed; 0 if none was. */
    long horizon();

    /** Newest events, in memory; their head is the log's. */
    RecentEvents recent();

    /** Codec of this log's cursors. */
    Cursors cursors();

    /** Counters of this log. May read facts about its files, so not for event loops. */
    LogStats stats();

    /** Whether the log accepts updates, for readiness. */
    boolean writable();

    /**
     * Whether readers get what was acknowledged, for readiness: false once this node has events that the log that it
     * shares has not. It is true while that log cannot be reached.
     */
    default boolean readable() {
        return true;
    }

    /** Stores accepted updates, fails waiting ones, and releases all resources. Idempotent. May block. */
    @Override
    void close();
}
