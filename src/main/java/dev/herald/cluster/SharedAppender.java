package dev.herald.cluster;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import org.jboss.logging.Logger;

import dev.herald.cluster.SharedSession.Maintained;
import dev.herald.cluster.SharedSession.Reply;
import dev.herald.event.Fingerprint;
import dev.herald.event.UpdateBatch;
import dev.herald.log.AppendListener;
import dev.herald.log.EventLogException;
import dev.herald.log.Retention;
import dev.herald.log.UnknownOutcomeException;
import dev.herald.log.local.QueuedBatch;
import dev.herald.log.local.QueuedBatch.Appended;
import dev.herald.log.local.StoredKey;
import dev.herald.log.local.UpdateQueue;
import dev.herald.logging.SafeLogger;
import dev.herald.memory.MemoryBudget;
import dev.herald.stats.LatencyHistogram;

/**
 * Thread that appends the updates of this node to the shared log: all that wait become one batch. A batch whose fate is
 * unknown is sent again with the same token, until the shared log says what became of it. While it cannot be reached,
 * further updates are rejected, and nothing of them is stored.
 *
 * <p>{@link #append} is thread-safe and never blocks; the queue is bounded.
 */
final class SharedAppender implements AutoCloseable {
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MAINTENANCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long NANOS_A_MICROSECOND = 1_000;

    /** Time for which the shared log remembers tokens, and more: after it, nobody knows what became of a batch. */
    private static final long TOKEN_NANOS = TimeUnit.MINUTES.toNanos(5);

    /** Time after the close, or after an unexpected failure, in which a batch whose fate is unknown may be settled. */
    private static final long SETTLING_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Logger LOG = Logger.getLogger(SharedAppender.class);
    private static final SafeLogger FAILURES = SafeLogger.of(SharedAppender.class);

    private final SharedLog shared;
    private final PendingBatches pending;
    private final Follower follower;
    private final UpdateQueue queue;
    private final Retention retention;
    private final Clock clock;
    private final Supplier<Optional<EventLogException>> obstacle;
    private final SecureRandom random = new SecureRandom();
    private final LatencyHistogram commits = new LatencyHistogram();
    private final OrderQueue orders = new OrderQueue();
    private final AtomicBoolean ringing = new AtomicBoolean();
    private final Thread thread = new Thread(this::run, "herald-shared-appender");

    private SharedSession session;
    private long maintainedAt = System.nanoTime() - MAINTENANCE_NANOS;
    private boolean moreMaintenance;
    private long closeDeadline;
    private volatile long keys;
    private volatile boolean closed;

    /**
     * @param pending where batches wait for the mirror
     * @param follower of the shared log on this node
     * @param maxWaiting maximum waiting updates
     * @param budget bytes of updates that wait or are under way
     * @param obstacle why this node accepts no updates now, if it does not
     */
    SharedAppender(
            SharedLog shared,
            PendingBatches pending,
            Follower follower,
            int maxWaiting,
            MemoryBudget budget,
            Retention retention,
            Clock clock,
            Supplier<Optional<EventLogException>> obstacle) {
        this.shared = shared;
        this.pending = pending;
        this.follower = follower;
        this.queue = new UpdateQueue(maxWaiting, budget);
        this.retention = retention;
        this.clock = clock;
        this.obstacle = obstacle;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** {@link dev.herald.log.EventLog#append}. */
    CompletionStage<Appended> append(UpdateBatch batch, boolean kept, AppendListener listener) {
        Optional<EventLogException> reason = obstacle.get();
        return reason.isPresent() && !closed
                ? CompletableFuture.failedStage(reason.get())
                : queue.add(batch, kept, listener);
    }

    /**
     * Appends an order to all nodes. Completes with its position, once it is in the shared log.
     *
     * @param token random; names the order
     */
    CompletionStage<Long> append(UUID token, Control control) {
        CompletionStage<Long> position = orders.add(token, control);
        queue.wake();
        return position;
    }

    /** Wakes the followers soon, so that they look at once. Thread-safe. */
    void ringSoon() {
        if (!ringing.getAndSet(true)) {
            queue.wake();
        }
    }

    /** Returns the bytes of a batch that has ended. Thread-safe. */
    void release(PendingBatch batch) {
        queue.release(batch.queued());
    }

    int queued() {
        return queue.size();
    }

    /** Number of idempotency keys in the shared log, as last seen. */
    long keys() {
        return keys;
    }

    /** Time that batches took to be stored, in microseconds. */
    LatencyHistogram commits() {
        return commits.copy();
    }

    /** Rejects further updates, sends those that wait, and ends the thread. */
    @Override
    public void close() {
        closeDeadline = System.nanoTime() + SETTLING_NANOS;
        closed = true;
        queue.close();
        orders.close();
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!queue.isTerminated()) {
            try {
                List<QueuedBatch> group = queue.take(moreMaintenance || !orders.isEmpty() ? 0 : IDLE_NANOS);
                if (!group.isEmpty()) {
                    append(group);
                }
                orders.next().ifPresent(this::send);
                if (ringing.getAndSet(false)) {
                    ring();
                }
                maintain();
            } catch (Throwable e) {
                // Any failure: without this thread publishing stops.
                FAILURES.error("The thread that appends to the shared log caught an error and continues.", e);
                disconnect();
            }
        }
        disconnect();
    }

    private void append(List<QueuedBatch> group) {
        PendingBatch batch = new PendingBatch();
        Reply reply;
        try {
            add(group, batch);
            long start = System.nanoTime();
            reply = settle(batch.toSend());
            if (group.stream().anyMatch(QueuedBatch::kept)) {
                commits.add((System.nanoTime() - start) / NANOS_A_MICROSECOND);
            }
        } catch (RuntimeException | Error e) {
            EventLogException reason = reason(e);
            if (!pending.reject(batch, reason)) {
                reject(group, reason);
            }
            return;
        }
        acknowledge(batch, reply);
    }

    private void add(List<QueuedBatch> group, PendingBatch batch) {
        Instant now = clock.instant();
        for (QueuedBatch queued : group) {
            queued.listener().taken();
            batch.add(
                    queued,
                    queued.batch()
                            .key()
                            .map(key ->
                                    new StoredKey(key, 0, now, new Fingerprint(random.nextLong(), random.nextLong()))));
        }
        pending.add(batch);
    }

    /** The batch is stored: it is acknowledged as soon as it is read back, if it ever is. */
    private void acknowledge(PendingBatch batch, Reply reply) {
        keys = reply.keys();
        try {
            pending.replied(batch, reply);
        } catch (RuntimeException | Error e) {
            pending.reject(batch, new UnknownOutcomeException("The reply of the shared log was lost.", e));
        }
        if (follower.refused()) {
            pending.reject(batch, PendingBatch.notReadBack());
        }
        ring();
    }

    private void reject(List<QueuedBatch> group, EventLogException reason) {
        group.forEach(queued -> queued.result().completeExceptionally(reason));
        queue.release(group);
    }

    private static EventLogException reason(Throwable e) {
        if (e instanceof SharedLogException known) {
            return rejected(known);
        }
        if (e instanceof EventLogException known) {
            return known;
        }
        FAILURES.error("A batch of updates was not stored.", e);
        return new EventLogException("The log failed unexpectedly.", e);
    }

    /** The failure as publishers and administrators know it. */
    private static EventLogException rejected(SharedLogException reason) {
        return new EventLogException(reason.getMessage(), reason);
    }

    /**
     * Appends a batch, and settles its fate.
     *
     * @throws SharedLogException if it is not stored
     * @throws UnknownOutcomeException after the close or a long time, if that cannot be known
     */
    private Reply settle(SharedBatch batch) {
        boolean maybeStored = false;
        long start = System.nanoTime();
        while (true) {
            SharedLogException failure;
            long limit = TOKEN_NANOS;
            boolean appending = false;
            try {
                if (!maybeStored && !follower.connected()) {
                    // The session is probably lost, too. A batch that was never sent can be rejected.
                    disconnect();
                }
                SharedSession connected = session();
                appending = true;
                return connected.append(batch, retention.keys());
            } catch (SharedLogException e) {
                failure = e;
            } catch (RuntimeException | Error e) {
                failure = new SharedLogException(
                        SharedLogException.Kind.LOST, "The use of the shared log failed unexpectedly: " + e, e);
                limit = SETTLING_NANOS;
            }
            if (failure.lost()) {
                disconnect();
            }
            // Once it may be stored, no failure of a later attempt says that it is not.
            maybeStored |= appending && failure.lost();
            if (!maybeStored) {
                throw failure;
            }
            if (System.nanoTime() - start > limit || closed && System.nanoTime() - closeDeadline > 0) {
                throw unknown(failure);
            }
            LOG.debugf(failure, "The fate of a batch is unknown: it is sent again. token=%s", batch.token());
            rejectWaiting(failure);
            pause();
        }
    }

    private static UnknownOutcomeException unknown(SharedLogException reason) {
        return new UnknownOutcomeException(
                "The shared log has not said whether it has the update: it may be stored or not. "
                        + reason.getMessage(),
                reason);
    }

    /** Rejects the updates that wait behind a batch whose fate is unknown. */
    private void rejectWaiting(SharedLogException reason) {
        for (List<QueuedBatch> group = queue.take(0); !group.isEmpty(); group = queue.take(0)) {
            reject(group, rejected(reason));
        }
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(RETRY_NANOS);
        } catch (InterruptedException e) {
            // Interrupts have no meaning for this thread: close() ends it.
        }
    }

    private SharedSession session() {
        if (session == null) {
            session = shared.connect();
        }
        return session;
    }

    private void disconnect() {
        SharedSession old = session;
        session = null;
        if (old != null) {
            old.close();
        }
    }

    /** Wakes the followers. If that fails, they look by themselves soon. */
    private void ring() {
        try {
            session().ring();
        } catch (RuntimeException | Error e) {
            disconnect();
        }
    }

    private void send(OrderQueue.Entry entry) {
        try {
            SharedBatch batch = new SharedBatch(entry.token(), List.of(new SharedBatch.Order(entry.control())));
            entry.position().complete(settle(batch).through());
        } catch (RuntimeException | Error e) {
            entry.position().completeExceptionally(reason(e));
            return;
        }
        ring();
    }

    private void maintain() {
        if (!moreMaintenance && System.nanoTime() - maintainedAt < MAINTENANCE_NANOS) {
            return;
        }
        maintainedAt = System.nanoTime();
        try {
            Maintained done = session().maintain(retention);
            keys = done.keys();
            moreMaintenance = done.more();
        } catch (SharedLogException e) {
            moreMaintenance = false;
            LOG.debug("The shared log was not maintained.", e);
            if (e.lost()) {
                disconnect();
            }
        } catch (RuntimeException | Error e) {
            moreMaintenance = false;
            throw e;
        }
    }
}
