package dev.herald.hub;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.Update;

/**
 * Publishes the changes of a {@link Presence} in their order (PROTOCOL M42), few at a time, so that publishers find room
 * beside a crowd that comes or goes. What waits is bounded; beyond it changes are dropped, told by one WARN, and the
 * subscription API still has the truth. Thread-safe, never blocks.
 */
public final class PresenceFeed implements Presence.Listener {
    private static final int MAX_WAITING = 1_000_000;
    private static final int MAX_IN_FLIGHT = 64;
    private static final Logger LOG = Logger.getLogger(PresenceFeed.class);

    private final Function<Update, CompletionStage<Event>> publish;
    private final Words words;
    private final Queue<Supplier<Update>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicBoolean serving = new AtomicBoolean();
    private final AtomicBoolean overflowed = new AtomicBoolean();

    /**
     * @param publish takes an update that only passes, and answers when it is out
     * @param words how a change is put
     */
    public PresenceFeed(Function<Update, CompletionStage<Event>> publish, Words words) {
        this.publish = publish;
        this.words = words;
    }

    @Override
    public void changed(ActiveSubscription subscription, boolean active) {
        if (size.incrementAndGet() > MAX_WAITING) {
            size.decrementAndGet();
            if (overflowed.compareAndSet(false, true)) {
                LOG.warnf("Too many subscriptions begin and end to tell of all of them. waiting=%d", MAX_WAITING);
            }
            return;
        }
        waiting.add(() -> words.update(subscription, active));
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
            Supplier<Update> next = waiting.poll();
            if (next == null) {
                return;
            }
            size.decrementAndGet();
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

    private CompletionStage<Event> publish(Supplier<Update> change) {
        try {
            return publish.apply(change.get());
        } catch (RuntimeException e) {
            LOG.error("Nobody is told of a subscription, since the change could not be put into words.", e);
            return CompletableFuture.failedStage(e);
        }
    }

    /** Puts a change into an update. */
    @FunctionalInterface
    public interface Words {
        Update update(ActiveSubscription subscription, boolean active);
    }
}
