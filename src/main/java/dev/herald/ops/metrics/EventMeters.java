package dev.herald.ops.metrics;

import jakarta.inject.Singleton;

import dev.herald.hub.Hub;
import dev.herald.log.EventLog;
import dev.herald.stats.LaneCounter;
import dev.herald.stats.LaneStats;
import dev.herald.stream.OutletFactory;

/** Metrics of events on their way from the log to the sockets. */
@Singleton
final class EventMeters implements Meters {
    private static final double NANOS_A_SECOND = 1e9;

    private final Hub hub;
    private final EventLog log;
    private final OutletFactory outlets;

    EventMeters(Hub hub, EventLog log, OutletFactory outlets) {
        this.hub = hub;
        this.log = log;
        this.outlets = outlets;
    }

    @Override
    public void register(Views views) {
        views.counter(Metric.UPDATES_ACCEPTED, hub::accepted);
        views.counter(
                Metric.EVENTS_DELIVERED,
                () -> hub.total(LaneCounter.PUBLIC_LIVE) + hub.total(LaneCounter.PRIVATE_LIVE),
                "way",
                "live");
        views.counter(
                Metric.EVENTS_DELIVERED,
                () -> hub.total(LaneCounter.PUBLIC_REPLAYED) + hub.total(LaneCounter.PRIVATE_REPLAYED),
                "way",
                "replay");
        views.counter(Metric.WRITES, () -> hub.total(LaneCounter.LIVE_WRITES), "way", "live");
        views.counter(Metric.WRITES, () -> hub.total(LaneCounter.REPLAY_WRITES), "way", "replay");
        views.counter(Metric.WRITTEN_BYTES, outlets::writtenBytes);
        views.histogram(Metric.DELIVERY, () -> hub.stats().all().latencies());
        views.counter(Metric.CAUGHT_UP, () -> hub.total(LaneCounter.CAUGHT_UP));
        views.counter(Metric.FELL_BEHIND, () -> hub.total(LaneCounter.FELL_BEHIND));
        views.gauge(Metric.LAG, this::lag);
        views.gauge(Metric.DELIVERY_LAG, this::deliveryLag);
        views.counter(Metric.GAPS, () -> hub.total(LaneCounter.GAPS));
        views.counter(Metric.HEARTBEATS, () -> hub.total(LaneCounter.HEARTBEATS));
        views.counter(Metric.CURSORS, () -> hub.total(LaneCounter.CURSORS));
        registerLoops(views);
        registerPages(views);
    }

    private void registerLoops(Views views) {
        views.gauge(Metric.LOOPS, () -> hub.laneStats().size());
        views.gauge(
                Metric.LOOP_DELAY,
                () -> hub.laneStats().stream()
                                .mapToLong(LaneStats::tickDelayNanos)
                                .max()
                                .orElse(0)
                        / NANOS_A_SECOND);
        views.gauge(Metric.LOOP_TICK_AGE, () -> hub.oldestTick().toNanos() / NANOS_A_SECOND);
        views.gauge(Metric.MATCHES_WAITING, hub::waitingMatches);
    }

    private void registerPages(Views views) {
        views.gauge(Metric.PAGES_IN_FLIGHT, () -> hub.pageStats().inFlight());
        views.gauge(Metric.PAGES_LIMIT, () -> hub.pageStats().limit());
        views.gauge(Metric.PAGES_WAITING, () -> hub.pageStats().waiting());
        views.counter(Metric.PAGES_READ, () -> hub.pageStats().read());
        views.counter(Metric.PAGES_FAILED, () -> hub.pageStats().failed());
    }

    private long lag() {
        return hub.laneStats().stream().mapToLong(LaneStats::lag).max().orElse(0);
    }

    private long deliveryLag() {
        long head = log.recent().head();
        return hub.laneStats().stream()
                .mapToLong(lane -> Math.max(0, head - lane.get(LaneCounter.POSITION)))
                .max()
                .orElse(0);
    }
}
