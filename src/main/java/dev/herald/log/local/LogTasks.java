package dev.herald.log.local;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.herald.log.EventLogException;
import dev.herald.log.LogClosedException;
import dev.herald.log.LogFullException;

/**
 * Bounded queue of tasks for the thread of an {@link Appender}, which runs a step of each in turn. Any thread adds.
 */
final class LogTasks {
    private static final int MAX_TASKS = 64;

    private final Queue<Entry<?>> waiting = new ArrayDeque<>();
    private boolean closed;

    private record Entry<T>(LogTask<T> task, CompletableFuture<T> result) {
        /** Runs a step. Returns whether it was the last one. */
        boolean step() {
            try {
                Optional<T> done = task.step();
                done.ifPresent(result::complete);
                return done.isPresent();
            } catch (EventLogException e) {
                result.completeExceptionally(e);
                return true;
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(new EventLogException("The log failed unexpectedly.", e));
                return true;
            }
        }
    }

    /**
     * Adds a task.
     *
     * @return completes on the appender's thread; fails as the task, with {@link LogFullException} or
     *     {@link LogClosedException}
     */
    synchronized <T> CompletionStage<T> add(LogTask<T> task) {
        if (closed) {
            return CompletableFuture.failedStage(new LogClosedException());
        }
        if (waiting.size() >= MAX_TASKS) {
            return CompletableFuture.failedStage(new LogFullException());
        }
        Entry<T> entry = new Entry<>(task, new CompletableFuture<>());
        waiting.add(entry);
        return entry.result;
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Runs a step of the next task, on the appender's thread. */
    void step() {
        Entry<?> next = next();
        if (next != null && !next.step() && !again(next)) {
            next.result.completeExceptionally(new LogClosedException());
        }
    }

    /** Puts an unfinished task behind the others. */
    private synchronized boolean again(Entry<?> entry) {
        return !closed && waiting.add(entry);
    }

    /** Fails the waiting tasks, and rejects further ones. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        for (Entry<?> entry = next(); entry != null; entry = next()) {
            entry.result.completeExceptionally(new LogClosedException());
        }
    }

    private synchronized Entry<?> next() {
        return waiting.poll();
    }
}
