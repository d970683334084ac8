package dev.herald.hub;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.Update;
import dev.herald.memory.MemoryBudget;

/**
 * Publishes the changes of a {@link Presence} in their order (PROTOCOL M42), few at a time, so that publishers find room
 * beside a crowd that comes or goes. What waits is bounded; beyond it changes are dropped, told by one WARN, and the
 * subscription API still has the truth. Thread-safe, never blocks.
 */
public final class PresenceFeed implements Presence.Listener {
    /** What a change that waits occupies besides its texts, about, in bytes. */
    private static final long CHANGE_BYTES = 200;

    private static final int MAX_IN_FLIGHT = 64;
    private static final Logger LOG = Logger.getLogger(PresenceFeed.class);

    private final Function<Update, CompletionStage<Event>> publish;
    private final Words words;
    private final MemoryBudget budget;
    private final Queue<Change> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicBoolean serving = new AtomicBoolean();
    private final AtomicBoolean overflowed = new AtomicBoolean();

    /**
     * @param publish takes an update that only passes, and answers when it is out
     * @param words how a change is put
     * @param budget heap for the changes that wait
     */
    public PresenceFeed(Function<Update, CompletionStage<Event>> publish, Words words, MemoryBudget budget) {
        this.publish = publish;
        this.words = words;
        this.budget = budget;
    }

    @Override
    public void changed(ActiveSubscription subscription, boolean active) {
        Change change = new Change(subscription, active);
        if (!budget.tryReserve(change.heapBytes())) {
            if (overflowed.compareAndSet(false, true)) {
                LOG.warnf(
                        "Changes of subscriptions are dropped, since too many wait to be published. waitingBytes=%d",
                        budget.reserved());
            }
            return;
        }
        waiting.add(change);
        serve();
    }

    /** One thread at a time, or the order would be lost; whoever comes meanwhile leaves its change to that one. */
    private void serve() {
        while (inFlight.get() < MAX_IN_FLIGHT && !waiting.isEmpty() && serving.compareAndSet(false, true)) {
            try {
                publishSome();
            } finally {
                serving.set(false);
            }
        }
    }

    private void publishSome() {
        while (inFlight.get() < MAX_IN_FLIGHT) {
            Change next = waiting.poll();
            if (next == null) {
                return;
            }
            budget.release(next.heapBytes());
            inFlight.incrementAndGet();
            publish(next).whenComplete((event, failure) -> {
                inFlight.decrementAndGet();
                if (failure != null) {
                    LOG.debug("Nobody is told of a subscription, since the log did not take it.", failure);
                }
                serve();
            });
        }
    }

    private CompletionStage<Event> publish(Change change) {
        try {
            return publish.apply(words.update(change.subscription, change.active));
        } catch (RuntimeException e) {
            LOG.error("Nobody is told of a subscription, since the change could not be put into words.", e);
            return CompletableFuture.failedStage(e);
        }
    }

    private record Change(ActiveSubscription subscription, boolean active) {
        /** The payload is the stream's own, and shared by all of its subscriptions. */
        long heapBytes() {
            return CHANGE_BYTES
                    + 2L * subscription.selector().length()
                    + 2L * subscription.payload().map(String::length).orElse(0);
        }
    }

    /** Puts a change into an update. */
    @FunctionalInterface
    public interface Words {
        Update update(ActiveSubscription subscription, boolean active);
    }
}
