package dev.herald.web.admin;

import java.time.Duration;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import org.jboss.logging.Logger;

import dev.herald.hub.Hub;
import dev.herald.presence.ActiveSubscriptions;
import dev.herald.stats.HubStats;
import dev.herald.stream.SocketBudget;
import dev.herald.stream.StreamStats;

/**
 * Feed of figures, once a second, shared by all watchers; it runs only while there is a watcher. Thread-safe. Figures
 * are computed on worker threads, from counters that lanes write and any thread reads.
 */
@ApplicationScoped
class FiguresFeed {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Logger LOG = Logger.getLogger(FiguresFeed.class);

    private final Hub hub;
    private final ActiveSubscriptions subscriptions;
    private final SocketBudget sockets;
    private final StreamStats streams;
    private final Multi<Figures> shared;

    FiguresFeed(Hub hub, ActiveSubscriptions subscriptions, SocketBudget sockets, StreamStats streams) {
        this.hub = hub;
        this.subscriptions = subscriptions;
        this.sockets = sockets;
        this.streams = streams;
        this.shared = Multi.createFrom()
                .deferred(this::readings)
                .broadcast()
                .withCancellationAfterLastSubscriberDeparture()
                .toAllSubscribers();
    }

    /** The figures from now on, until the hub drains. Figures for which a watcher has no demand are dropped. */
    Multi<Figures> watch() {
        return shared.onOverflow().drop();
    }

    private Multi<Figures> readings() {
        Readings readings = new Readings();
        return Multi.createFrom()
                .ticks()
                .every(PERIOD)
                .onOverflow()
                .drop()
                .onItem()
                .transformToUniAndConcatenate(tick -> stats())
                .select()
                .first(stats -> !hub.draining())
                .onItem()
                .transformToIterable(readings::next);
    }

    /** Reads the counters on a worker thread. A failed reading is skipped; the next one follows a second later. */
    private Uni<HubStats> stats() {
        return Uni.createFrom()
                .item(hub::stats)
                .runSubscriptionOn(Infrastructure.getDefaultExecutor())
                .onFailure()
                .invoke(failure -> LOG.debug("The figures of a second are missing.", failure))
                .onFailure()
                .recoverWithNull();
    }

    /** Calculator of figures from two consecutive readings: the first one emits nothing. Not thread-safe. */
    private final class Readings {
        private HubStats before;
        private StreamStats.Ended endedBefore;
        private long beforeNanos;

        /** Computes figures. A failed reading is skipped and does not end the feed. */
        Iterable<Figures> next(HubStats now) {
            try {
                return read(now);
            } catch (RuntimeException | Error e) {
                LOG.error("The figures of a second could not be read.", e);
                return List.of();
            }
        }

        private List<Figures> read(HubStats now) {
            HubStats earlier = before;
            StreamStats.Ended endedEarlier = endedBefore;
            StreamStats.Ended ended = streams.ended();
            long nanos = System.nanoTime();
            Duration time = Duration.ofNanos(Math.max(1, nanos - beforeNanos));
            before = now;
            endedBefore = ended;
            beforeNanos = nanos;
            return earlier == null ? List.of() : List.of(figures(now.since(earlier), ended.since(endedEarlier), time));
        }

        private Figures figures(HubStats stats, StreamStats.Ended ended, Duration time) {
            return Figures.of(stats, time, hub.subscribers(), subscriptions.selectors(), ended, sockets.waiting());
        }
    }
}
