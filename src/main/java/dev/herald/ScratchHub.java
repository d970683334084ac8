package dev.herald;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;

import dev.herald.event.EventId;
import dev.herald.event.EventType;
import dev.herald.event.Frame;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.hub.Hub;
import dev.herald.hub.Outlet;
import dev.herald.hub.ReplayFrom;
import dev.herald.hub.SseConfig;
import dev.herald.hub.StartPosition;
import dev.herald.hub.Subscription;
import dev.herald.log.Retention;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.memory.HeapShares;
import dev.herald.presence.ActiveSubscriptions;
import dev.herald.presence.SubscriptionEvents;
import dev.herald.selector.TopicSelector;

/** Hub of the self-check on its own in-memory log: nothing else sees the events published there. */
final class ScratchHub implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int EVENTS = 3;
    private static final long LOG_BYTES = 1 << 20;

    /** Subscription events share the queue with the updates, and a slow machine must not fail the check. */
    private static final int MAX_WAITING = 1_000;

    private final HeapShares heap = HeapShares.of(LOG_BYTES, true);
    private final MemoryEventLog log;
    private final Hub hub;

    ScratchHub(SseConfig config) {
        this(config, Clock.systemUTC());
    }

    /** @param clock read once for each batch of updates */
    ScratchHub(SseConfig config, Clock clock) {
        log = new MemoryEventLog(Retention.of(EVENTS, LOG_BYTES), LOG_BYTES, 1, MAX_WAITING, heap.updates(), clock);
        SubscriptionEvents feed = new SubscriptionEvents(
                Runnable::run,
                log::appendTransient,
                (subscription, active) -> update("presence", true, Optional.empty()),
                heap.presence());
        hub = new Hub(log, config, ActiveSubscriptions.withListener(feed), heap);
    }

    Hub hub() {
        return hub;
    }

    /** Publishes, replays, delivers, reports a gap, sends a heartbeat and drains, on one event loop. */
    void run(Vertx vertx) throws InterruptedException, ExecutionException, TimeoutException {
        EventExecutor loop = ((VertxInternal) vertx).getEventLoopGroup().next();
        open(loop, Optional.empty(), Optional.of(new ReplayFrom.Latest(1)));
        open(loop, Optional.empty(), Optional.of(new ReplayFrom.LatestOfEachTopic()));
        Optional<EventId> id = Optional.of(new EventId("urn:herald:self-check"));
        for (int i = 0; i <= EVENTS; i++) {
            await(hub.publish(update("a/" + i, i == 0, i == 1 ? id : Optional.empty())));
        }
        for (String from : List.of(EventId.EARLIEST, "unknown", log.cursors().seal(0))) {
            open(loop, Optional.of(from), Optional.empty());
        }
        open(loop, Optional.empty(), Optional.of(new ReplayFrom.LatestOfEachTopic()));
        await(hub.publish(update("b", false, Optional.empty())));
        hub.stats();
        await(hub.drain(Duration.ofMillis(30)));
    }

    private void open(EventExecutor loop, Optional<String> lastEventId, Optional<ReplayFrom> since)
            throws InterruptedException, ExecutionException, TimeoutException {
        open(loop, lastEventId, since, false);
        open(loop, lastEventId, since, true);
    }

    private void open(EventExecutor loop, Optional<String> lastEventId, Optional<ReplayFrom> since, boolean envelope)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<TopicSelector> selectors =
                List.of(TopicSelector.parse("a/{number}"), TopicSelector.parse("b"), TopicSelector.parse("*"));
        Subscription subscription = new Subscription(
                selectors, selectors, lastEventId, since, true, envelope, Optional.empty(), Optional.empty(), 0);
        StartPosition start = await(hub.locate(subscription, loop, () -> false));
        await(CompletableFuture.supplyAsync(() -> hub.open(loop, subscription, start, new Sink()), loop));
    }

    private static Update update(String topic, boolean isPrivate, Optional<EventId> id) {
        return new Update(
                List.of(new Topic(topic)),
                "{\n}",
                isPrivate,
                id,
                Optional.of(new EventType("self-check")),
                OptionalLong.of(1));
    }

    private static <T> T await(CompletionStage<T> stage)
            throws InterruptedException, ExecutionException, TimeoutException {
        return stage.toCompletableFuture().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        hub.close();
        log.close();
    }

    /** Outlet that discards all frames. */
    private static final class Sink implements Outlet {
        @Override
        public void write(List<Frame> frames, boolean shared) {
            // Discarded.
        }

        @Override
        public boolean writable() {
            return true;
        }

        @Override
        public long pendingBytes() {
            return 0;
        }

        @Override
        public long stalledNanos(long now) {
            return 0;
        }

        @Override
        public void close() {
            // There is nothing to close.
        }

        @Override
        public void cut() {
            // There is nothing to close.
        }
    }
}
