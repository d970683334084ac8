package dev.herald.ops.metrics;

import jakarta.inject.Singleton;

import dev.herald.hub.Hub;
import dev.herald.hub.SseConfig;
import dev.herald.stats.LaneCounter;
import dev.herald.stats.StreamEnd;
import dev.herald.stream.StreamStats;
import dev.herald.stream.StreamStats.OutletKind;

/** Metrics of open and ended streams. */
@Singleton
final class StreamMeters implements Meters {
    private static final double NANOS_A_SECOND = 1e9;

    private final Hub hub;
    private final SseConfig config;
    private final StreamStats streams;

    StreamMeters(Hub hub, SseConfig config, StreamStats streams) {
        this.hub = hub;
        this.config = config;
        this.streams = streams;
    }

    @Override
    public void register(Views views) {
        views.gauge(Metric.SUBSCRIBERS, () -> hub.total(LaneCounter.LIVE), "state", "live");
        views.gauge(
                Metric.SUBSCRIBERS,
                () -> Math.max(0, hub.subscribers() - hub.total(LaneCounter.LIVE)),
                "state",
                "catching-up");
        views.gauge(Metric.SUBSCRIBERS_LIMIT, config::maxSubscribers);
        views.gauge(Metric.SELECTORS, () -> hub.total(LaneCounter.SELECTORS));
        views.gauge(Metric.SELECTOR_BYTES, hub::selectorBytes);
        views.gauge(Metric.SELECTOR_LIMIT, () -> config.maxSelectorBytes().asLongValue());
        views.gauge(Metric.TOPICS, () -> hub.total(LaneCounter.TOPICS));
        views.gauge(Metric.TEMPLATES, () -> hub.total(LaneCounter.TEMPLATES));
        views.gauge(Metric.WILDCARDS, () -> hub.total(LaneCounter.WILDCARDS));
        views.gauge(Metric.PULLING, () -> hub.total(LaneCounter.PULLING));
        views.gauge(Metric.DRAINING, () -> Views.number(hub.draining()));
        for (OutletKind kind : OutletKind.values()) {
            views.counter(Metric.STREAMS_OPENED, () -> streams.total(kind), "outlet", Views.label(kind));
            views.gauge(Metric.STREAMS_OPEN, () -> streams.open(kind), "outlet", Views.label(kind));
        }
        for (StreamEnd reason : StreamEnd.values()) {
            views.counter(Metric.STREAMS_ENDED, () -> hub.total(reason), "reason", Views.label(reason));
        }
        views.counter(Metric.STREAM_DURATION, () -> streams.ended().nanos() / NANOS_A_SECOND);
    }
}
