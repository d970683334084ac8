package dev.herald.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.herald.identity.Revocation;
import dev.herald.log.LogIdentity;
import dev.herald.log.Retention;

/**
 * Connection to a {@link SharedLog}, used by one thread. All methods but {@link #close} may block for some seconds, and
 * fail with a {@link SharedLogException}. After one that is {@link SharedLogException#lost()}, only {@link #close} may be
 * called.
 */
public interface SharedSession extends AutoCloseable {

    /** Identity of the log, the same for all nodes and for ever. */
    LogIdentity identity();

    /** Positions of what the log keeps now. */
    Extent extent();

    /**
     * Appends a batch behind all others, at positions that follow each other, all or nothing. When it returns, the batch
     * is as durable as the log makes it, and {@link #read} of every session finds it. A batch with a token that was
     * appended before is not appended again: the reply is the same.
     *
     * <p>A key that is stored, and was not expired, makes its updates a repetition, which is not appended; the rest of the
     * batch is.
     *
     * @param keys limits of idempotency keys
     * @throws SharedLogException if it is {@link SharedLogException#lost()}, the batch may be appended or not: append it
     *     again to know. Otherwise it is not appended.
     */
    Reply append(SharedBatch batch, Retention.Keys keys);

    /**
     * Reads batches after a position, in order, without leaving one out. May return fewer than there are, but none only at
     * the end.
     *
     * @param after position to read from, exclusive. If it lies within a batch, that is the first one.
     * @param maxBytes stop after the batch that reaches this sum of its events' sizes
     */
    List<AppendedBatch> read(long after, long maxBytes);

    /** Token of the batch that ends at a position; empty if none does, or if it was removed. */
    Optional<UUID> token(long last);

    /** Entry at a position; empty if there is none, or if it was removed. */
    Optional<SharedEvent> event(long position);

    /** Wakes the sessions that wait in {@link #awaitRing}, those of all nodes. Best effort. */
    void ring();

    /** Waits until another session rings, or the time has passed. May return earlier. */
    void awaitRing(Duration limit);

    /**
     * Runs a step of what one node must do for all: removes the oldest batches beyond the limits, expired keys and
     * revocations, and deletes purged events. Of several nodes, one does it.
     *
     * @return what is left, whichever node did it
     */
    Maintained maintain(Retention limits);

    /** Revocations that are kept. */
    List<Revocation> revocations();

    @Override
    void close();

    /**
     * Positions of what the log keeps.
     *
     * @param horizon all batches up to this position, inclusive, were removed; 0 if none was
     * @param head position of the last entry, 0 without one
     */
    record Extent(long horizon, long head) {}

    /**
     * Reply to an append.
     *
     * @param through what a node must have read before it acknowledges: the end of the batch, and of those that it repeats
     * @param outcomes of the entries of the batch, in order
     * @param keys number of keys that are stored
     */
    record Reply(long through, List<Outcome> outcomes, long keys) {}

    /**
     * Result of a step of maintenance.
     *
     * @param more whether another step should follow at once
     * @param keys number of keys that are stored
     */
    record Maintained(boolean more, long keys) {}
}
