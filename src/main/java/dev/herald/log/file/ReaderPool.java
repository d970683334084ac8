package dev.herald.log.file;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jboss.logging.Logger;

import dev.herald.log.EventLogException;
import dev.herald.log.LogClosedException;

/**
 * The threads that read, one for each connection: no event loop waits for a disk. What waits here is bounded by those who
 * ask: the hub has so many pages in flight, and looks up one id, or back one step at a time, for each stream that it opens.
 * Thread-safe.
 */
final class ReaderPool implements AutoCloseable {
    private static final long CLOSING_SECONDS = 10;
    private static final Logger LOG = Logger.getLogger(ReaderPool.class);

    private final LogDirectory directory;
    private final BlockingQueue<EventReader> idle;
    private final ExecutorService threads;

    /**
     * @param name of the threads, before their number
     * @param readers become the pool's own
     */
    ReaderPool(String name, List<EventReader> readers, LogDirectory directory) {
        this.directory = directory;
        this.idle = new ArrayBlockingQueue<>(readers.size(), false, readers);
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(readers.size(), task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Answers on a thread of the pool. */
    <T> CompletionStage<T> ask(Question<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            threads.execute(() -> answer(question, answer));
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new LogClosedException());
        }
        return answer;
    }

    private <T> void answer(Question<T> question, CompletableFuture<T> answer) {
        // There are as many readers as threads, so one is idle.
        EventReader reader = idle.remove();
        T found;
        try {
            found = question.ask(reader);
        } catch (SQLException | RuntimeException e) {
            idle.add(reader);
            answer.completeExceptionally(
                    new EventLogException("The log in '" + directory + "' could not be read: " + e.getMessage(), e));
            return;
        }
        idle.add(reader);
        answer.complete(found);
    }

    /** Answers what waits, and lets go of the connections. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                LOG.warnf("The log was closed under a reader. file=%s", directory.database());
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

    /** What a reader is asked. */
    @FunctionalInterface
    interface Question<T> {
        T ask(EventReader reader) throws SQLException;
    }
}
