package dev.herald.log.local;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.herald.event.Event;
import dev.herald.event.Update;
import dev.herald.log.LogClosedException;
import dev.herald.log.LogFullException;
import dev.herald.memory.MemoryBudget;

/**
 * Bounded queue of updates that wait for the log, limited by number and by the bytes of the updates and their future
 * frames. Any thread enqueues, without blocking; one thread takes batches. {@link #release} returns a batch's bytes to
 * the budget.
 */
final class UpdateQueue {
    private static final int MAX_BATCH = 1_000;

    /** Size at which a batch ends, after the current update, in bytes, so that its memory is soon released. */
    private static final long MAX_BATCH_BYTES = 4L << 20;

    private final int maxUpdates;
    private final MemoryBudget budget;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrival = lock.newCondition();
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private boolean closed;

    /**
     * @param maxUpdates maximum waiting updates
     * @param budget bytes of the waiting updates and of the batch that is being stored
     */
    UpdateQueue(int maxUpdates, MemoryBudget budget) {
        this.maxUpdates = maxUpdates;
        this.budget = budget;
    }

    /**
     * Enqueues an update.
     *
     * @param kept false for a transient update, which is never rejected as too many
     * @return completed by the thread that takes batches; fails with {@link LogFullException} or
     *     {@link LogClosedException} if the update was not enqueued
     */
    CompletionStage<Event> add(Update update, boolean kept) {
        Waiting entry = new Waiting(update, kept, update.heapBytes(), new CompletableFuture<>());
        lock.lock();
        try {
            if (closed) {
                return CompletableFuture.failedStage(new LogClosedException());
            }
            if (!kept) {
                budget.reserve(entry.bytes);
            } else if (waiting.size() >= maxUpdates || !budget.tryReserve(entry.bytes)) {
                return CompletableFuture.failedStage(new LogFullException());
            }
            waiting.add(entry);
            arrival.signal();
        } finally {
            lock.unlock();
        }
        return entry.answer;
    }

    /** Takes the next batch, in order; empty if no update arrives within this time. */
    List<Waiting> take(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (waiting.isEmpty() && !closed && left > 0) {
                left = awaitArrival(left);
            }
            List<Waiting> batch = new ArrayList<>(Math.min(waiting.size(), MAX_BATCH));
            long bytes = 0;
            while (!waiting.isEmpty() && batch.size() < MAX_BATCH && bytes < MAX_BATCH_BYTES) {
                Waiting entry = waiting.remove();
                bytes += entry.bytes;
                batch.add(entry);
            }
            return batch;
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

    /** Releases the bytes of a batch. */
    void release(List<Waiting> batch) {
        for (Waiting entry : batch) {
            budget.release(entry.bytes);
        }
    }

    /** Rejects further updates; waiting ones can still be taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            arrival.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it is closed and empty. */
    boolean finished() {
        lock.lock();
        try {
            return closed && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /**
     * A waiting update.
     *
     * @param bytes reserved bytes
     * @param answer completed with its event
     */
    record Waiting(Update update, boolean kept, long bytes, CompletableFuture<Event> answer) {}
}
