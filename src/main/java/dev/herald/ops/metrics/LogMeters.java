package dev.herald.ops.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

import jakarta.inject.Singleton;

import io.quarkus.runtime.configuration.MemorySize;

import dev.herald.http.PublishConfig;
import dev.herald.log.EventLog;
import dev.herald.log.LogConfig;

/** Metrics of the log: what it keeps, how it stores, what waits. */
@Singleton
final class LogMeters implements Meters {
    private static final double MILLIS_A_SECOND = 1e3;

    private final EventLog log;
    private final LogConfig config;
    private final PublishConfig publish;

    LogMeters(EventLog log, LogConfig config, PublishConfig publish) {
        this.log = log;
        this.config = config;
        this.publish = publish;
    }

    @Override
    public void register(Views views) {
        registerKept(views);
        views.gauge(Metric.LOG_WRITABLE, () -> Views.number(log.writable()));
        views.histogram(Metric.LOG_COMMIT, () -> log.stats().appends().commits());
        views.counter(Metric.LOG_STORED, () -> log.stats().appends().events());
        views.counter(Metric.LOG_STORED_BYTES, () -> log.stats().appends().bytes());
        views.counter(Metric.LOG_TRANSIENT, () -> log.stats().appends().transientEvents());
        views.counter(Metric.LOG_FAILED, () -> log.stats().appends().failed());
        views.gauge(Metric.KEYS, () -> log.stats().keys().count());
        views.gauge(Metric.KEYS_LIMIT, () -> log.stats().keys().limit());
        views.counter(Metric.KEYS_REPEATS, () -> log.stats().appends().repeated());
        views.gauge(Metric.LOG_QUEUE, () -> log.stats().queued());
        views.gauge(Metric.LOG_QUEUE_LIMIT, publish::maxWaiting);
        views.gauge(Metric.LOG_RECENT, () -> log.recent().size());
        views.gauge(Metric.LOG_FILES, () -> orNaN(log.stats().fileBytes()));
        views.gauge(Metric.LOG_FREE, () -> orNaN(log.stats().freeBytes()));
    }

    private void registerKept(Views views) {
        LogConfig.Retention retention = config.retention();
        views.gauge(Metric.LOG_HEAD, () -> log.recent().head());
        views.gauge(Metric.LOG_HORIZON, log::horizon);
        views.gauge(Metric.LOG_EVENTS, () -> log.stats().kept().events());
        views.gauge(Metric.LOG_EVENTS_LIMIT, () -> orNaN(retention.events()));
        views.gauge(Metric.LOG_BYTES, () -> log.stats().kept().bytes());
        views.gauge(Metric.LOG_BYTES_LIMIT, () -> orNaN(retention.bytes().map(MemorySize::asLongValue)));
        views.gauge(
                Metric.LOG_AGE,
                () -> log.stats().kept().oldest().map(LogMeters::age).orElse(0.0));
        views.gauge(Metric.LOG_AGE_LIMIT, () -> orNaN(retention.age().map(Duration::toSeconds)));
    }

    private static double age(Instant oldest) {
        return Math.max(0, Duration.between(oldest, Instant.now()).toMillis() / MILLIS_A_SECOND);
    }

    private static double orNaN(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : Double.NaN;
    }

    private static double orNaN(Optional<Long> value) {
        return value.map(Long::doubleValue).orElse(Double.NaN);
    }
}
