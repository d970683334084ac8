package dev.herald.log;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

import com.github.f4b6a3.uuid.UuidCreator;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Update;

/**
 * The one thread that gives updates their order. It takes all that waits, numbers it, has it kept in one go, and only
 * then adds it to the recent events, answers the publishers and announces the growth: in that order, so that whoever
 * has an answer can read the event.
 *
 * <p>{@link #append} may be called from any thread and never blocks; what waits is bounded by count and by bytes.
 */
public final class Appender implements AutoCloseable {
    /** Sum of the sizes of updates that may wait, in characters of data; a single one may be larger. */
    static final long MAX_WAITING_CHARACTERS = 64L << 20;

    private static final int MAX_BATCH = 1_000;

    /** Under load the keeper tidies up once in so many batches. */
    private static final int BATCHES_A_TIDYING = 32;

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final SafeLogger LOG = SafeLogger.of(Appender.class);

    private final Keeper keeper;
    private final RecentEvents recent;
    private final long floor;
    private final int maxWaiting;
    private final Clock clock;
    private final Thread thread = new Thread(this::run, "herald-appender");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrival = lock.newCondition();
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private long waitingCharacters;
    private boolean closed;

    /** Whether an event was kept since the log was opened; owned by the thread. */
    private boolean keptAny;

    private final AtomicReference<LongConsumer> listener = new AtomicReference<>();

    /**
     * @param keeper makes events durable
     * @param recent the events that are already there, and where new ones go
     * @param floor no event gets a position up to this one, inclusive
     * @param maxWaiting how many updates may wait
     */
    public Appender(Keeper keeper, RecentEvents recent, long floor, int maxWaiting, Clock clock) {
        this.keeper = keeper;
        this.recent = recent;
        this.floor = floor;
        this.maxWaiting = maxWaiting;
        this.clock = clock;
        thread.setDaemon(true);
        thread.start();
    }

    /** {@link EventLog#append}. */
    public CompletionStage<Event> append(Update update) {
        return add(new Waiting(update, true, new CompletableFuture<>()));
    }

    /** {@link EventLog#pass}. */
    public CompletionStage<Event> pass(Update update) {
        return add(new Waiting(update, false, new CompletableFuture<>()));
    }

    private CompletionStage<Event> add(Waiting entry) {
        lock.lock();
        try {
            if (closed) {
                return CompletableFuture.failedStage(new LogClosedException());
            }
            boolean full = waiting.size() >= maxWaiting
                    || !waiting.isEmpty() && waitingCharacters + entry.size() > MAX_WAITING_CHARACTERS;
            if (full && entry.kept) {
                return CompletableFuture.failedStage(new LogFullException());
            }
            waiting.add(entry);
            waitingCharacters += entry.size();
            arrival.signal();
        } finally {
            lock.unlock();
        }
        return entry.answer;
    }

    /** {@link EventLog#follow}. */
    public void follow(LongConsumer follower) {
        if (!listener.compareAndSet(null, follower)) {
            throw new IllegalStateException("The log is followed already.");
        }
    }

    /** Whether it still takes updates. */
    public boolean alive() {
        return thread.isAlive();
    }

    /** Refuses new updates, keeps those that wait, and ends the thread. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            arrival.signal();
        } finally {
            lock.unlock();
        }
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
        int untidied = 0;
        boolean hurry = false;
        while (true) {
            try {
                if (done()) {
                    return;
                }
                List<Waiting> batch = take(hurry ? 0 : IDLE_NANOS);
                if (!batch.isEmpty()) {
                    answer(batch);
                    untidied++;
                }
                if (batch.isEmpty() || untidied >= BATCHES_A_TIDYING) {
                    hurry = tidy();
                    untidied = 0;
                }
            } catch (Throwable e) {
                // Whatever it is, without this thread nothing is published any more.
                LOG.error("The log's thread met an error and goes on.", e);
            }
        }
    }

    private boolean done() {
        lock.lock();
        try {
            return closed && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void answer(List<Waiting> batch) {
        try {
            accept(batch);
        } catch (EventLogException e) {
            batch.forEach(entry -> entry.answer.completeExceptionally(e));
        } catch (RuntimeException | Error e) {
            refuse(batch, e);
        }
    }

    /** An error of memory, too, must not leave publishers without an answer. */
    private static void refuse(List<Waiting> batch, Throwable failure) {
        LOG.error("A batch of updates was not kept.", failure);
        Throwable reason = failure;
        try {
            reason = new EventLogException("The log failed unexpectedly.", failure);
        } finally {
            for (Waiting entry : batch) {
                entry.answer.completeExceptionally(reason);
            }
        }
    }

    private boolean tidy() {
        try {
            return keeper.tidy();
        } catch (RuntimeException | Error e) {
            LOG.error("The log could not tidy up.", e);
            return false;
        }
    }

    /** What waits, or arrives within so many nanoseconds. */
    private List<Waiting> take(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (waiting.isEmpty() && !closed && left > 0) {
                left = awaitArrival(left);
            }
            List<Waiting> batch = new ArrayList<>(Math.min(waiting.size(), MAX_BATCH));
            while (!waiting.isEmpty() && batch.size() < MAX_BATCH) {
                Waiting entry = waiting.remove();
                waitingCharacters -= entry.size();
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
            // Nobody has a reason to interrupt this thread; close() ends it.
            return 0;
        }
    }

    private void accept(List<Waiting> batch) {
        List<Event> events = new ArrayList<>(batch.size());
        Instant now = clock.instant();
        long position = Math.max(recent.head(), floor);
        boolean any = keptAny;
        for (Waiting entry : batch) {
            // One that passes needs a kept one of this life before it: where it stood would be forgotten with the
            // process,
            // and given to another.
            boolean passes = !entry.kept && any && Position.roomToPass(position);
            position = passes ? position + 1 : Position.nextKept(position);
            any |= !passes;
            EventId id = entry.update.id().orElseGet(Appender::newId);
            events.add(Event.of(position, id, now, entry.update));
        }
        keep(events);
        keptAny = any;
        remember(events, position);
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).answer.complete(events.get(i));
        }
        announce(position);
    }

    /** What is kept is kept: if memory cannot take it, readers get it from the log, and the next has a higher position. */
    private void remember(List<Event> events, long position) {
        try {
            recent.add(events);
        } catch (RuntimeException | Error e) {
            recent.restartAfter(position);
            LOG.error("The newest events could not be held in memory. Subscribers read them from the log.", e);
        }
    }

    private void keep(List<Event> events) {
        List<Event> kept = events.stream()
                .filter(event -> !Position.passes(event.position()))
                .toList();
        if (!kept.isEmpty()) {
            keeper.keep(kept);
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

    /** A UUIDv7 that is higher than all before (RFC 9562 §6.2), with 48 fresh random bits. */
    private static EventId newId() {
        return new EventId("urn:uuid:" + UuidCreator.getTimeOrderedEpoch());
    }

    private record Waiting(Update update, boolean kept, CompletableFuture<Event> answer) {
        long size() {
            return update.data().length();
        }
    }
}
