package dev.herald.hub;

import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
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

    private final Executor executor;
    private final Function<Update, CompletionStage<Event>> publish;
    private final Runnable task = this::publishSomeAndSeeAgain;
    private final Words words;
    private final Queue<Supplier<Update>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicBoolean serving = new AtomicBoolean();
    private final AtomicBoolean overflowed = new AtomicBoolean();

    /**
     * @param executor writes changes down, one task at a time
     * @param publish takes an update that only passes, and answers when it is out
     * @param words how a change is put
     */
    public PresenceFeed(Executor executor, Function<Update, CompletionStage<Event>> publish, Words words) {
        this.executor = executor;
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
        boolean added = false;
        try {
            waiting.add(() -> words.update(subscription, active));
            added = true;
        } finally {
            if (!added) {
                size.decrementAndGet();
            }
        }
        serve();
    }

    /** One task at a time, or the order would be lost; a change that comes meanwhile is left to that one. */
    private void serve() {
        if (ready() && serving.compareAndSet(false, true)) {
            boolean accepted = false;
            try {
                executor.execute(task);
                accepted = true;
            } catch (RejectedExecutionException e) {
                LOG.debug("Subscriptions that begin or end now are not published, since the hub is stopping.", e);
            } finally {
                if (!accepted) {
                    serving.set(false);
                }
            }
        }
    }

    private boolean ready() {
        return inFlight.get() < MAX_IN_FLIGHT && !waiting.isEmpty();
    }

    private void publishSomeAndSeeAgain() {
        try {
            publishSome();
        } finally {
            serving.set(false);
            serve();
        }
    }

    private void publishSome() {
        while (inFlight.get() < MAX_IN_FLIGHT) {
            Supplier<Update> next = waiting.poll();
            if (next == null) {
                return;
            }
            size.decrementAndGet();
            publish(next);
        }
    }

    private void publish(Supplier<Update> change) {
        inFlight.incrementAndGet();
        try {
            publish.apply(change.get()).whenComplete((event, failure) -> published(failure));
        } catch (Throwable e) {
            inFlight.decrementAndGet();
            LOG.error("A change of a subscription was not published, since it could not be written.", e);
        }
    }

    /** On the log's thread, which does no more than ask for the next task. */
    private void published(Throwable failure) {
        inFlight.decrementAndGet();
        if (failure != null) {
            LOG.debug("A change of a subscription was not published, since the log did not take it.", failure);
        }
        serve();
    }

    /** Puts a change into an update. */
    @FunctionalInterface
    public interface Words {
        Update update(ActiveSubscription subscription, boolean active);
    }
}
