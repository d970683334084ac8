package dev.herald.log.local;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;

import dev.herald.event.Event;
import dev.herald.event.Receipt;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.log.AppendListener;
import dev.herald.log.Cursors;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;
import dev.herald.log.LogFullException;
import dev.herald.log.LogStats;
import dev.herald.log.RecentEvents;
import dev.herald.log.local.QueuedBatch.Appended;
import dev.herald.logging.SafeLogger;
import dev.herald.memory.MemoryBudget;
import dev.herald.stats.AppendCounter;
import dev.herald.stats.LatencyHistogram;
import dev.herald.stats.SingleWriterCounters;

/**
 * Single thread that orders updates, with group commit. It takes all waiting batches of updates, numbers the updates
 * and stores them in one {@link Transaction}. Only then it adds them to the recent events, completes the publishers' stages, and announces the growth,
 * in that order. So a publisher with an answer can read the event.
 *
 * <p>{@link #append} is thread-safe and never blocks; the {@link UpdateQueue} is bounded.
 */
public final class Appender implements AutoCloseable {
    /** Batches between two {@link BatchStore#maintain} steps under load. */
    private static final int MAINTENANCE_INTERVAL = 32;

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long NANOS_A_MICROSECOND = 1_000;
    private static final SafeLogger LOG = SafeLogger.of(Appender.class);

    private final BatchStore store;
    private final RecentEvents recent;
    private final UpdateQueue queue;
    private final LogTasks tasks = new LogTasks();
    private final Clock clock;
    private final Cursors cursors;
    private final SecureRandom random = new SecureRandom();
    private final GeneratedIds newIds = new GeneratedIds(random);
    private final Thread thread = new Thread(this::run, "herald-appender");

    private final SingleWriterCounters<AppendCounter> counters = new SingleWriterCounters<>(AppendCounter.values());
    private final LatencyHistogram commits = new LatencyHistogram();
    private final AtomicReference<LongConsumer> listener = new AtomicReference<>();

    /**
     * @param store makes events durable
     * @param recent existing recent events, to which new ones are added
     * @param maxWaiting maximum waiting updates
     * @param budget bytes of the waiting updates and of the batch that is being stored, frames included
     * @param cursors creates the ids of transient events
     */
    public Appender(
            BatchStore store, RecentEvents recent, int maxWaiting, MemoryBudget budget, Clock clock, Cursors cursors) {
        this.store = store;
        this.recent = recent;
        this.queue = new UpdateQueue(maxWaiting, budget);
        this.clock = clock;
        this.cursors = cursors;
        thread.setDaemon(true);
        thread.start();
    }

    /** {@link EventLog#append(Update)}. */
    public CompletionStage<Event> append(Update update) {
        return queue.add(UpdateBatch.of(update), true, AppendListener.NONE).thenApply(Appender::event);
    }

    /** {@link EventLog#append(UpdateBatch, AppendListener)}. */
    public CompletionStage<Receipt> append(UpdateBatch batch, AppendListener listener) {
        return queue.add(batch, true, listener).thenApply(Appended::receipt);
    }

    /** {@link EventLog#appendTransient}. */
    public CompletionStage<Event> appendTransient(Update update) {
        return queue.add(UpdateBatch.of(update), false, AppendListener.NONE).thenApply(Appender::event);
    }

    private static Event event(Appended appended) {
        return appended.events().get(0);
    }

    /**
     * Runs a task on the appender's thread. Thread-safe.
     *
     * @return completes on that thread; fails as the task, with {@link dev.herald.log.LogFullException} when too many
     *     tasks wait, or with {@link dev.herald.log.LogClosedException}
     */
    public <T> CompletionStage<T> execute(LogTask<T> task) {
        CompletionStage<T> result = tasks.add(task);
        queue.wake();
        return result;
    }

    /**
     * Stores events that another log has ordered, at the positions that they have there, and announces them. Never
     * together with {@link #append}, which orders events itself. Thread-safe; batches are stored in the order of the calls.
     *
     * @param events in order, after all that are stored; transient ones are announced and not stored
     * @param through position of the other log's last entry, at least that of the last event
     * @return completes with {@code through} on the appender's thread; fails as {@link #execute}, and then nothing is
     *     stored
     */
    public CompletionStage<Long> copy(List<Event> events, long through) {
        return execute(() -> {
            // All that may fail for lack of memory comes before the commit, after which the copy can be repeated.
            List<Event> kept = events.stream()
                    .filter(event -> !event.isTransient() && event.position() > store.head())
                    .toList();
            List<Event> readable =
                    events.stream().filter(event -> !event.isPurged()).toList();
            Optional<Long> done = Optional.of(through);
            if (!kept.isEmpty()) {
                store.store(kept, List.of());
            }
            addToRecent(readable, through);
            announce(through);
            return done;
        });
    }

    /** {@link EventLog#follow}. */
    public void follow(LongConsumer follower) {
        if (!listener.compareAndSet(null, follower)) {
            throw new IllegalStateException("The log already has a follower.");
        }
    }

    /** Number of waiting updates. */
    public int queued() {
        return queue.size();
    }

    /** Counters of stored updates. */
    public LogStats.Appends stats() {
        return new LogStats.Appends(
                counters.get(AppendCounter.EVENTS),
                counters.get(AppendCounter.BYTES),
                counters.get(AppendCounter.TRANSIENT_EVENTS),
                counters.get(AppendCounter.FAILED),
                counters.get(AppendCounter.REPEATED),
                commits.copy());
    }

    /** Whether it accepts updates. */
    public boolean alive() {
        return thread.isAlive();
    }

    /** Rejects new updates and tasks, stores waiting updates, and ends the thread. */
    @Override
    public void close() {
        queue.close();
        tasks.close();
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
        int sinceMaintenance = 0;
        boolean moreMaintenance = false;
        while (true) {
            try {
                if (queue.isTerminated()) {
                    return;
                }
                List<QueuedBatch> group = queue.take(moreMaintenance || !tasks.isEmpty() ? 0 : IDLE_NANOS);
                if (!group.isEmpty()) {
                    process(group);
                    sinceMaintenance++;
                }
                tasks.step();
                if (group.isEmpty() || sinceMaintenance >= MAINTENANCE_INTERVAL) {
                    moreMaintenance = maintain();
                    sinceMaintenance = 0;
                }
            } catch (Throwable e) {
                // Any failure: without this thread publishing stops.
                LOG.error("The log's thread caught an error and continues.", e);
            }
        }
    }

    private void process(List<QueuedBatch> group) {
        try {
            append(group);
        } catch (EventLogException e) {
            countFailed(group);
            group.forEach(entry -> entry.result().completeExceptionally(e));
        } catch (RuntimeException | Error e) {
            countFailed(group);
            failAll(group, e);
        } finally {
            queue.release(group);
        }
    }

    private void countFailed(List<QueuedBatch> group) {
        for (QueuedBatch entry : group) {
            if (!entry.result().isDone()) {
                counters.add(AppendCounter.FAILED, entry.size());
            }
        }
    }

    /** Fails all batches of a group, also after an {@code OutOfMemoryError}. */
    private static void failAll(List<QueuedBatch> group, Throwable failure) {
        LOG.error("A batch of updates was not stored.", failure);
        Throwable reason = failure;
        try {
            reason = failure instanceof OutOfMemoryError
                    ? new LogFullException()
                    : new EventLogException("The log failed unexpectedly.", failure);
        } finally {
            for (QueuedBatch entry : group) {
                entry.result().completeExceptionally(reason);
            }
        }
    }

    private boolean maintain() {
        try {
            return store.maintain();
        } catch (RuntimeException | Error e) {
            LOG.error("The log's maintenance failed.", e);
            return false;
        }
    }

    private void append(List<QueuedBatch> group) {
        Transaction transaction = new Transaction(store, recent, cursors, random, newIds, clock.instant());
        for (QueuedBatch entry : group) {
            entry.listener().taken();
            transaction.add(entry);
        }
        counters.add(AppendCounter.REPEATED, transaction.repeated());
        transaction.completeSettled();
        if (transaction.events().isEmpty()) {
            return;
        }
        store(transaction);
        transaction.reportStored();
        addToRecent(transaction.events(), transaction.head());
        transaction.complete();
        announce(transaction.head());
    }

    /**
     * Adds stored events to the recent ones. If memory is exhausted, readers get them from the log, and positions
     * continue after them.
     */
    private void addToRecent(List<Event> events, long position) {
        try {
            recent.add(events, position);
        } catch (RuntimeException | Error e) {
            recent.restartAfter(position);
            LOG.error("The newest events could not be kept in memory. Subscribers read them from the log.", e);
        }
    }

    private void store(Transaction transaction) {
        List<Event> kept = transaction.kept();
        // Before they are stored: then they must be acknowledged, so nothing below may fail for lack of memory.
        long bytes = kept.stream().mapToLong(Event::size).sum();
        int transients = transaction.events().size() - kept.size();
        if (!kept.isEmpty()) {
            long start = System.nanoTime();
            store.store(kept, transaction.keys());
            commits.add((System.nanoTime() - start) / NANOS_A_MICROSECOND);
        }
        counters.add(AppendCounter.EVENTS, kept.size());
        counters.add(AppendCounter.BYTES, bytes);
        counters.add(AppendCounter.TRANSIENT_EVENTS, transients);
    }

    private void announce(long position) {
        LongConsumer follower = listener.get();
        if (follower == null) {
            return;
        }
        try {
            follower.accept(position);
        } catch (RuntimeException | Error e) {
            LOG.error("The follower of the log failed.", e);
        }
    }
}
