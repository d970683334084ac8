package dev.herald.hub;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

import io.netty.util.concurrent.EventExecutor;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.InvalidFieldException;
import dev.herald.event.Update;
import dev.herald.log.EventLog;

/**
 * The hub of this node: takes updates to the log, and events from the log to every open stream. Thread-safe.
 *
 * <p>What the log announces, the one thread that announces it passes to a {@code BroadcastProcessor} with one subscriber
 * for each {@link Lane}, so that a publish costs one task a lane, whatever the number of streams.
 */
public final class Hub implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Hub.class);

    private final EventLog log;
    private final SseConfig config;
    private final Signals signals;
    private final PageReader pages;
    private final BroadcastProcessor<Long> doorbell = BroadcastProcessor.create();
    private final Map<EventExecutor, Lane> lanes = new ConcurrentHashMap<>();
    private volatile boolean draining;

    /** A hub on a log that nobody else follows; the log stays its owner's to close. */
    public Hub(EventLog log, SseConfig config) {
        this.log = log;
        this.config = config;
        this.signals = new Signals(log.cursors(), config.retry());
        this.pages = new PageReader(log);
        log.follow(doorbell::onNext);
    }

    /** Publishes an update: {@link EventLog#append} tells when the stage completes, how it fails, and on which thread. */
    public CompletionStage<Event> publish(Update update) {
        return log.append(update);
    }

    /** Position of the newest event: a stream that starts after it misses nothing published from now on. */
    public long head() {
        return log.recent().head();
    }

    /**
     * Opens a stream. It begins with the first event after the one that the subscriber asked to continue from, else
     * after {@code head}. When the node serves as many streams as it may, or is about to stop, the stream is told to come
     * back later and ends at once.
     *
     * @param loop the event loop of the connection; must be the calling thread's
     * @param head from {@link #head()}, taken before the client could see that the stream is open
     * @param outlet where the frames go; its owner tells the subscriber when it is writable again, and when it is gone
     */
    public Subscriber open(EventExecutor loop, Subscription subscription, long head, Outlet outlet) {
        Lane lane = lanes.computeIfAbsent(loop, this::lane);
        boolean full = draining || subscribers() >= config.maxSubscribers();
        Subscriber subscriber = lane.admit(subscription, outlet);
        if (full) {
            lane.end(subscriber);
            return subscriber;
        }
        start(subscriber, subscription, head)
                .whenComplete((start, failure) -> lane.run(subscriber, () -> {
                    if (failure == null) {
                        lane.begin(subscriber, start, subscription.lastEventId());
                    } else {
                        LOG.warn("A stream ended, since its start could not be looked up in the log.", failure);
                        lane.end(subscriber);
                    }
                }));
        return subscriber;
    }

    private Lane lane(EventExecutor loop) {
        Lane lane = new Lane(loop, log, pages, signals, config.heartbeat());
        doorbell.subscribe().with(position -> lane.ring(), failure -> LOG.error("The doorbell broke.", failure));
        // It may have rung while the lane was being made.
        lane.ring();
        return lane;
    }

    private CompletionStage<Start> start(Subscriber subscriber, Subscription subscription, long head) {
        if (subscription.lastEventId().isEmpty()) {
            return CompletableFuture.completedStage(new Start(head, false));
        }
        String requested = subscription.lastEventId().get();
        if (requested.equals(EventId.EARLIEST)) {
            return CompletableFuture.completedStage(new Start(log.horizon(), false));
        }
        OptionalLong cursor = log.cursors().open(requested);
        if (cursor.isPresent() && cursor.getAsLong() <= head()) {
            return CompletableFuture.completedStage(new Start(cursor.getAsLong(), false));
        }
        return eventId(requested)
                .map(id -> log.find(id).thenApply(found -> startAfter(found.filter(subscriber::permits))))
                .orElseGet(() -> CompletableFuture.completedStage(startAfter(Optional.empty())));
    }

    /** After the event; without one, with all that is left. */
    private Start startAfter(Optional<Event> event) {
        return event.map(found -> new Start(found.position(), false)).orElseGet(() -> new Start(log.horizon(), true));
    }

    private static Optional<EventId> eventId(String text) {
        try {
            return Optional.of(new EventId(text));
        } catch (InvalidFieldException notAnId) {
            return Optional.empty();
        }
    }

    /** How many streams are open on this node. */
    public int subscribers() {
        return lanes.values().stream().mapToInt(Lane::size).sum();
    }

    /** Whether the hub is about to stop. */
    public boolean draining() {
        return draining;
    }

    /**
     * Ends all streams in good order, after what was accepted so far, spread over {@code period}; new ones are told to
     * come back later. Publishing goes on.
     *
     * @return completes when the last stream is gone
     */
    public CompletionStage<Void> drain(Duration period) {
        draining = true;
        return CompletableFuture.allOf(lanes.values().stream()
                .map(lane -> lane.drain(period).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** Stops all timers. Streams that are still open hear nothing more. */
    @Override
    public void close() {
        lanes.values().forEach(Lane::close);
    }
}
