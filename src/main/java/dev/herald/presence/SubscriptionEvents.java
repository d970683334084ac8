package dev.herald.presence;

import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;

import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.Update;
import dev.herald.log.LogClosedException;
import dev.herald.logging.WarningEpisodes;
import dev.herald.memory.MemoryBudget;

/**
 * Publisher of the changes of {@link ActiveSubscriptions}, in order (PROTOCOL M42). Few are in flight at a time, so
 * that other publishers find room in the log. Thread-safe, never blocks.
 *
 * <p>The waiting changes are bounded. Changes beyond the bound, or rejected by the log, are dropped, with one WARN an
 * episode. The subscription API stays correct.
 */
public final class SubscriptionEvents implements ActiveSubscriptions.Listener {
    /** Estimated heap bytes of a waiting change besides its texts. */
    private static final long CHANGE_BYTES = 200;

    private static final int MAX_IN_FLIGHT = 64;
    private static final Logger LOG = Logger.getLogger(SubscriptionEvents.class);

    private final Executor executor;
    private final Function<Update, CompletionStage<Event>> publish;
    private final Runnable task = this::publishAndReschedule;
    private final Encoder encoder;
    private final MemoryBudget budget;
    private final Queue<Change> pending = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final WarningEpisodes overflows;
    private final WarningEpisodes rejections;

    /**
     * @param executor encodes changes, one task at a time
     * @param publish publishes a transient update, and completes once it is accepted
     * @param encoder encodes changes as updates
     * @param budget heap for waiting changes
     */
    public SubscriptionEvents(
            Executor executor, Function<Update, CompletionStage<Event>> publish, Encoder encoder, MemoryBudget budget) {
        this(executor, publish, encoder, budget, System::nanoTime);
    }

    /** @param nanoTime as {@link System#nanoTime()} */
    SubscriptionEvents(
            Executor executor,
            Function<Update, CompletionStage<Event>> publish,
            Encoder encoder,
            MemoryBudget budget,
            LongSupplier nanoTime) {
        this.executor = executor;
        this.publish = publish;
        this.encoder = encoder;
        this.budget = budget;
        this.overflows = new WarningEpisodes(nanoTime);
        this.rejections = new WarningEpisodes(nanoTime);
    }

    @Override
    public void changed(ActiveSubscription subscription, boolean active) {
        Change change = new Change(subscription, active);
        if (!budget.tryReserve(change.heapBytes())) {
            dropped.incrementAndGet();
            if (overflows.begins()) {
                LOG.warnf(
                        "Changes of subscriptions are dropped, since too many wait to be published. waitingBytes=%d",
                        budget.reserved());
            }
            return;
        }
        boolean added = false;
        try {
            pending.add(change);
            added = true;
        } finally {
            if (!added) {
                budget.release(change.heapBytes());
            }
        }
        schedule();
    }

    /** Schedules one task at a time, to keep the order; a running task takes later changes, too. */
    private void schedule() {
        if (ready() && scheduled.compareAndSet(false, true)) {
            boolean accepted = false;
            try {
                executor.execute(task);
                accepted = true;
            } catch (RejectedExecutionException e) {
                LOG.debug("Subscriptions that begin or end now are not published, since the hub is stopping.", e);
            } finally {
                if (!accepted) {
                    scheduled.set(false);
                }
            }
        }
    }

    private boolean ready() {
        return inFlight.get() < MAX_IN_FLIGHT && !pending.isEmpty();
    }

    private void publishAndReschedule() {
        try {
            publishPending();
        } finally {
            scheduled.set(false);
            schedule();
        }
    }

    private void publishPending() {
        while (inFlight.get() < MAX_IN_FLIGHT) {
            Change next = pending.poll();
            if (next == null) {
                return;
            }
            budget.release(next.heapBytes());
            publish(next);
        }
    }

    private void publish(Change change) {
        inFlight.incrementAndGet();
        try {
            publish.apply(encoder.update(change.subscription, change.active))
                    .whenComplete((event, failure) -> published(failure));
        } catch (Throwable e) {
            inFlight.decrementAndGet();
            dropped.incrementAndGet();
            LOG.error("A change of a subscription was not published, since it could not be written.", e);
        }
    }

    /** On the log's thread, which only schedules the next task. */
    private void published(Throwable failure) {
        inFlight.decrementAndGet();
        if (failure != null) {
            report(failure);
        }
        schedule();
    }

    @Override
    public long dropped() {
        return dropped.get();
    }

    private void report(Throwable failure) {
        dropped.incrementAndGet();
        if (!(failure instanceof LogClosedException) && rejections.begins()) {
            LOG.warnf(
                    "Changes of subscriptions are not published, since the log rejects them: their readers miss them;"
                            + " the subscription API stays correct. reason=%s",
                    failure.getMessage());
        } else {
            LOG.debug("A change of a subscription was not published, since the log did not accept it.", failure);
        }
    }

    private record Change(ActiveSubscription subscription, boolean active) {
        /** The payload is shared by all subscriptions of the stream. */
        long heapBytes() {
            return CHANGE_BYTES
                    + 2L * subscription.selector().length()
                    + 2L * subscription.payload().map(String::length).orElse(0);
        }
    }

    /** Encoder of changes as updates. */
    @FunctionalInterface
    public interface Encoder {
        Update update(ActiveSubscription subscription, boolean active);
    }
}
