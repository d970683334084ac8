package dev.herald.log.local;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.herald.event.UpdateBatch;
import dev.herald.log.AppendListener;
import dev.herald.log.LogClosedException;
import dev.herald.log.LogFullException;
import dev.herald.log.local.QueuedBatch.Appended;
import dev.herald.memory.MemoryBudget;

/**
 * Bounded queue of batches of updates that wait for the log. It is limited by the number of updates, and by the bytes
 * of the updates and their future frames. Any thread enqueues, without blocking; one thread takes several batches at
 * once, and never a part of one. {@link #release} returns their bytes to the budget.
 */
public final class UpdateQueue {
    /** Number of updates at which a group ends, after the current batch. */
    private static final int MAX_GROUP = 1_000;

    /** Size at which a group ends, after the current batch, in bytes, so that its memory is soon released. */
    private static final long MAX_GROUP_BYTES = 4L << 20;

    private final int maxUpdates;
    private final MemoryBudget budget;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrival = lock.newCondition();
    private final Queue<QueuedBatch> queued;
    private int updates;
    private boolean closed;
    private boolean woken;

    /**
     * @param maxUpdates number of waiting updates at which it is full; the last batch may exceed it
     * @param budget bytes of the waiting updates and of the batch that is being stored
     */
    public UpdateQueue(int maxUpdates, MemoryBudget budget) {
        this(maxUpdates, budget, new ArrayDeque<>());
    }

    /** @param queued empty; grows with the batches, and may fail for lack of memory */
    UpdateQueue(int maxUpdates, MemoryBudget budget, Queue<QueuedBatch> queued) {
        this.maxUpdates = maxUpdates;
        this.budget = budget;
        this.queued = queued;
    }

    /**
     * Enqueues a batch.
     *
     * @param kept false for transient updates, which are never rejected as too many
     * @param listener of the batch
     * @return completed by the thread that takes batches; fails with {@link LogFullException} or
     *     {@link LogClosedException} if the batch was not enqueued
     */
    public CompletionStage<Appended> add(UpdateBatch batch, boolean kept, AppendListener listener) {
        QueuedBatch entry = new QueuedBatch(batch, kept, listener);
        lock.lock();
        try {
            if (closed) {
                return CompletableFuture.failedStage(new LogClosedException());
            }
            if (!kept) {
                budget.reserve(entry.bytes());
            } else if (updates >= maxUpdates || !budget.tryReserve(entry.bytes())) {
                return CompletableFuture.failedStage(new LogFullException());
            }
            enqueue(entry);
            arrival.signal();
        } finally {
            lock.unlock();
        }
        return entry.result();
    }

    private void enqueue(QueuedBatch entry) {
        boolean added = false;
        try {
            queued.add(entry);
            added = true;
            updates += entry.size();
        } finally {
            if (!added) {
                budget.release(entry.bytes());
            }
        }
    }

    /** Makes the current or next call of {@link #take} return without waiting. */
    public void wake() {
        lock.lock();
        try {
            woken = true;
            arrival.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Takes the next batches, in order; none if no batch arrives within this time, or after {@link #wake}. */
    public List<QueuedBatch> take(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (queued.isEmpty() && !closed && !woken && left > 0) {
                left = awaitArrival(left);
            }
            woken = false;
            List<QueuedBatch> group = new ArrayList<>(Math.min(queued.size(), MAX_GROUP));
            int count = 0;
            long bytes = 0;
            while (!queued.isEmpty() && count < MAX_GROUP && bytes < MAX_GROUP_BYTES) {
                QueuedBatch entry = queued.remove();
                count += entry.size();
                bytes += entry.bytes();
                group.add(entry);
            }
            updates -= count;
            return group;
        } finally {
            lock.unlock();
        }
    }

    private long awaitArrival(long nanos) {
        try {
            return arrival.awaitNanos(nanos);
        } catch (InterruptedException e) {
            // Interrupts have no meaning for the log's thread: close() ends it.
            return 0;
        }
    }

    /** Number of waiting updates. */
    public int size() {
        lock.lock();
        try {
            return updates;
        } finally {
            lock.unlock();
        }
    }

    /** Releases the bytes of batches. */
    public void release(List<QueuedBatch> group) {
        for (QueuedBatch entry : group) {
            budget.release(entry.bytes());
        }
    }

    /** Rejects further batches; waiting ones can still be taken. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            arrival.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it is closed and empty. */
    public boolean isTerminated() {
        lock.lock();
        try {
            return closed && queued.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
