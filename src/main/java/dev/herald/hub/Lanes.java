package dev.herald.hub;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.netty.util.concurrent.EventExecutor;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import org.jboss.logging.Logger;

import dev.herald.log.EventLog;
import dev.herald.stats.LaneStats;

/**
 * Lanes of a hub, one for each event loop that has or had streams, and the signal that the log has grown. A {@code
 * BroadcastProcessor} with one subscriber for each lane passes the signal on, so a publish costs one task a lane,
 * whatever the number of streams. Thread-safe.
 */
final class Lanes {
    private static final Logger LOG = Logger.getLogger(Lanes.class);

    private final BroadcastProcessor<Long> doorbell = BroadcastProcessor.create();
    private final Map<EventExecutor, Lane> lanes = new ConcurrentHashMap<>();
    private final Function<EventExecutor, Lane> factory;

    /**
     * Follows the log, which announces its growth on one thread.
     *
     * @param factory creates the lane of an event loop
     */
    Lanes(EventLog log, Function<EventExecutor, Lane> factory) {
        this.factory = factory;
        log.follow(doorbell::onNext);
    }

    /** The lane of an event loop; created for its first stream. */
    Lane of(EventExecutor loop) {
        return lanes.computeIfAbsent(loop, this::create);
    }

    private Lane create(EventExecutor loop) {
        Lane lane = factory.apply(loop);
        try {
            subscribe(lane);
        } catch (Throwable e) {
            lane.close();
            throw e;
        }
        // The log may have grown while the lane was created.
        lane.ring();
        return lane;
    }

    /** Subscribes a lane, again after an {@code Error}. The lane's tick finds events announced meanwhile. */
    private void subscribe(Lane lane) {
        doorbell.subscribe().with(position -> lane.ring(), failure -> {
            LOG.error("An event loop could not be notified of a new event. Its next tick delivers the event.", failure);
            subscribe(lane);
        });
    }

    /** All lanes at the time of the iteration. */
    Collection<Lane> all() {
        return lanes.values();
    }

    /** Counters of each lane. */
    List<LaneStats> stats() {
        return lanes.values().stream().map(Lane::stats).toList();
    }

    /** What the open streams of all lanes occupy. */
    Admission.Usage usage() {
        int subscribers = 0;
        long selectorBytes = 0;
        for (Lane lane : lanes.values()) {
            subscribers += lane.size();
            selectorBytes += lane.selectorBytes();
        }
        return new Admission.Usage(subscribers, selectorBytes);
    }

    /** Time since the last tick of the lane that ticked longest ago; zero without any. */
    Duration oldestTick() {
        long now = System.nanoTime();
        return Duration.ofNanos(lanes.values().stream()
                .mapToLong(lane -> now - lane.tickedAt())
                .max()
                .orElse(0));
    }

    /** {@link Lane#drain} of all lanes. */
    CompletionStage<Void> drain(Duration period) {
        return CompletableFuture.allOf(lanes.values().stream()
                .map(lane -> lane.drain(period).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** {@link Lane#close} of all lanes. */
    void close() {
        lanes.values().forEach(Lane::close);
    }
}
