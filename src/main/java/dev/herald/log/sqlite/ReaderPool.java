package dev.herald.log.sqlite;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jboss.logging.Logger;

import dev.herald.log.EventLogException;
import dev.herald.log.LogClosedException;
import dev.herald.log.sqlite.files.LogDirectory;

/**
 * Pool of reading threads, one for each connection, so that no event loop waits for a disk. Its queue is bounded by the
 * callers. The hub limits pages in flight, and has one lookup or backward search step in flight for each stream that it
 * opens. Thread-safe.
 */
final class ReaderPool implements AutoCloseable {
    private static final long CLOSING_SECONDS = 10;
    private static final Logger LOG = Logger.getLogger(ReaderPool.class);

    private final LogDirectory directory;
    private final BlockingQueue<EventReader> idle;
    private final ThreadPoolExecutor threads;

    /**
     * @param name of the threads, before their number
     * @param readers owned and closed by the pool
     */
    ReaderPool(String name, List<EventReader> readers, LogDirectory directory) {
        this.directory = directory;
        this.idle = new ArrayBlockingQueue<>(readers.size(), false, readers);
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                readers.size(), readers.size(), 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        // Started now: a thread that cannot be created later, for lack of memory, would fail reads.
        threads.prestartAllCoreThreads();
    }

    /** Executes a query on a thread of the pool. */
    <T> CompletionStage<T> execute(Query<T> query) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            threads.execute(() -> run(query, result));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new LogClosedException());
        } catch (OutOfMemoryError e) {
            result.completeExceptionally(failure(e));
        }
        return result;
    }

    private <T> void run(Query<T> query, CompletableFuture<T> result) {
        // There are as many readers as threads, so one is idle.
        EventReader reader = idle.remove();
        T found = null;
        Throwable failure = null;
        try {
            found = query.execute(reader);
        } catch (Throwable e) {
            failure = e;
        } finally {
            idle.add(reader);
        }
        if (failure == null) {
            result.complete(found);
        } else {
            fail(result, failure);
        }
    }

    private void fail(CompletableFuture<?> result, Throwable reason) {
        Throwable failure = reason;
        try {
            failure = failure(reason);
        } finally {
            // With the original failure if there is no memory for a message: a stream or a request waits for it.
            result.completeExceptionally(failure);
        }
    }

    private EventLogException failure(Throwable reason) {
        return new EventLogException(
                "The log in '" + directory + "' could not be read: " + reason.getMessage(), reason);
    }

    /** Answers queued queries, and closes the connections. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                LOG.warnf("The log was closed while a reader was in use. file=%s", directory.database());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (EventReader reader = idle.poll(); reader != null; reader = idle.poll()) {
            try {
                reader.close();
            } catch (SQLException e) {
                LOG.debug("A reader's connection could not be closed.", e);
            }
        }
    }

    /** Query of a reader. */
    @FunctionalInterface
    interface Query<T> {
        T execute(EventReader reader) throws SQLException;
    }
}
