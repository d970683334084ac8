package dev.herald.log.local;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;

import com.github.f4b6a3.uuid.UuidCreator;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Update;
import dev.herald.log.Cursors;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;
import dev.herald.log.LogFullException;
import dev.herald.log.RecentEvents;
import dev.herald.log.local.UpdateQueue.Waiting;
import dev.herald.logging.SafeLogger;
import dev.herald.memory.MemoryBudget;

/**
 * Single thread that orders updates, with group commit. It takes all waiting updates, numbers them and stores them as
 * one batch. Only then it adds them to the recent events, completes the publishers' stages, and announces the growth,
 * in that order. So a publisher with an answer can read the event.
 *
 * <p>{@link #append} is thread-safe and never blocks; the {@link UpdateQueue} is bounded.
 */
public final class Appender implements AutoCloseable {
    /** Batches between two {@link BatchStore#maintain} steps under load. */
    private static final int MAINTENANCE_INTERVAL = 32;

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final SafeLogger LOG = SafeLogger.of(Appender.class);

    private final BatchStore store;
    private final RecentEvents recent;
    private final UpdateQueue queue;
    private final Clock clock;
    private final Cursors cursors;
    private final Thread thread = new Thread(this::run, "herald-appender");

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

    /** {@link EventLog#append}. */
    public CompletionStage<Event> append(Update update) {
        return queue.add(update, true);
    }

    /** {@link EventLog#appendTransient}. */
    public CompletionStage<Event> appendTransient(Update update) {
        return queue.add(update, false);
    }

    /** {@link EventLog#follow}. */
    public void follow(LongConsumer follower) {
        if (!listener.compareAndSet(null, follower)) {
            throw new IllegalStateException("The log is followed already.");
        }
    }

    /** Whether it accepts updates. */
    public boolean alive() {
        return thread.isAlive();
    }

    /** Rejects new updates, stores waiting ones, and ends the thread. */
    @Override
    public void close() {
        queue.close();
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
        boolean hurry = false;
        while (true) {
            try {
                if (queue.finished()) {
                    return;
                }
                List<Waiting> batch = queue.take(hurry ? 0 : IDLE_NANOS);
                if (!batch.isEmpty()) {
                    answer(batch);
                    sinceMaintenance++;
                }
                if (batch.isEmpty() || sinceMaintenance >= MAINTENANCE_INTERVAL) {
                    hurry = maintain();
                    sinceMaintenance = 0;
                }
            } catch (Throwable e) {
                // Any failure: without this thread publishing stops.
                LOG.error("The log's thread caught an error and goes on.", e);
            }
        }
    }

    private void answer(List<Waiting> batch) {
        try {
            accept(batch);
        } catch (EventLogException e) {
            batch.forEach(entry -> entry.answer().completeExceptionally(e));
        } catch (RuntimeException | Error e) {
            refuse(batch, e);
        } finally {
            queue.release(batch);
        }
    }

    /** Fails all updates of a batch, also after an {@code OutOfMemoryError}. */
    private static void refuse(List<Waiting> batch, Throwable failure) {
        LOG.error("A batch of updates was not stored.", failure);
        Throwable reason = failure;
        try {
            reason = failure instanceof OutOfMemoryError
                    ? new LogFullException()
                    : new EventLogException("The log failed unexpectedly.", failure);
        } finally {
            for (Waiting entry : batch) {
                entry.answer().completeExceptionally(reason);
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

    private void accept(List<Waiting> batch) {
        List<Event> events = new ArrayList<>(batch.size());
        Instant now = clock.instant();
        long position = recent.head();
        long kept = recent.newestKept();
        for (Waiting entry : batch) {
            position++;
            kept = entry.kept() ? position : kept;
            EventId id = id(entry, position, kept, now);
            events.add(Event.of(position, id, now, !entry.kept(), entry.update()));
        }
        store(events);
        remember(events, position);
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).answer().complete(events.get(i));
        }
        announce(position);
    }

    /**
     * Adds stored events to the recent ones. If memory is exhausted, readers get them from the log, and positions go on
     * after them.
     */
    private void remember(List<Event> events, long position) {
        try {
            recent.add(events);
        } catch (RuntimeException | Error e) {
            recent.restartAfter(position);
            LOG.error("The newest events could not be kept in memory. Subscribers read them from the log.", e);
        }
    }

    private void store(List<Event> events) {
        List<Event> kept = events.stream().filter(event -> !event.isTransient()).toList();
        if (!kept.isEmpty()) {
            store.store(kept);
        }
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

    private EventId id(Waiting entry, long position, long kept, Instant now) {
        if (entry.update().id().isPresent()) {
            return entry.update().id().get();
        }
        return entry.kept() ? newId() : cursors.transientId(position, kept, now).orElseGet(Appender::newId);
    }

    /** A UUIDv7 higher than all before (RFC 9562 §6.2), with 48 new random bits. */
    private static EventId newId() {
        return new EventId("urn:uuid:" + UuidCreator.getTimeOrderedEpoch());
    }
}
