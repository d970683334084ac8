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
 * Figures once a second, for as long as anybody watches: however many do, they are read and made once. Thread-safe; made on
 * worker threads, and no lane does more than copy its counters.
 */
@ApplicationScoped
class FiguresFeed {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration LONGEST_READING = PERIOD.multipliedBy(5);
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

    /** The figures from now on, until the hub is about to stop. Who is too slow for one gets the next. */
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
                .transformToUniAndConcatenate(tick -> activity())
                .emitOn(Infrastructure.getDefaultExecutor())
                .select()
                .first(activity -> !hub.draining())
                .onItem()
                .transformToIterable(readings::next);
    }

    /** What cannot be read this time, as when a loop takes no task, is read a second later; the figures go on. */
    private Uni<HubStats> activity() {
        return Uni.createFrom()
                .completionStage(hub::activity)
                .ifNoItem()
                .after(LONGEST_READING)
                .fail()
                .onFailure()
                .invoke(failure -> LOG.debug("The figures of a second are missing.", failure))
                .onFailure()
                .recoverWithNull();
    }

    /** What was read last, to be compared with: the first reading has nothing to tell. Called by one thread at a time. */
    private final class Readings {
        private HubStats before;
        private StreamStats.Ended endedBefore;
        private long beforeNanos;

        /** A reading that fails is missing, and ends nobody's figures. */
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

        private Figures figures(HubStats activity, StreamStats.Ended ended, Duration time) {
            return Figures.of(activity, time, hub.subscribers(), subscriptions.selectors(), ended, sockets.waiting());
        }
    }
}
