package dev.herald.ops.metrics;

import jakarta.inject.Singleton;

import dev.herald.connection.AcceptedConnections;
import dev.herald.stats.ConnectionCounter;

/** Metrics of connections. */
@Singleton
final class ConnectionMeters implements Meters {
    private final AcceptedConnections connections;

    ConnectionMeters(AcceptedConnections connections) {
        this.connections = connections;
    }

    @Override
    public void register(Views views) {
        views.gauge(Metric.CONNECTIONS, () -> connections.stats().open());
        views.gauge(Metric.CONNECTIONS_LIMIT, () -> connections.stats().limit());
        views.counter(Metric.CONNECTIONS_ACCEPTED, () -> connections.stats().accepted());
        views.counter(Metric.CONNECTIONS_REJECTED, () -> connections.stats().rejected());
        views.gauge(
                Metric.CONNECTIONS_ACCEPTING,
                () -> Views.number(connections.stats().accepting()));
        waiting(views, ConnectionCounter.AWAITING_HEAD);
        waiting(views, ConnectionCounter.IDLE);
        views.gauge(Metric.CONNECTIONS_WAITING_LIMIT, () -> connections.stats().waitingLimit());
        closed(views, ConnectionCounter.HEAD_TIMEOUTS, "head-timeout");
        closed(views, ConnectionCounter.HEADS_EVICTED, "too-many-without-head");
        closed(views, ConnectionCounter.IDLE_EVICTED, "too-many-idle");
        views.counter(Metric.HTTP2_PAUSES, () -> connections.stats().get(ConnectionCounter.PAUSES));
    }

    private void waiting(Views views, ConnectionCounter counter) {
        views.gauge(Metric.CONNECTIONS_WAITING, () -> connections.stats().get(counter), "state", Views.label(counter));
    }

    private void closed(Views views, ConnectionCounter counter, String reason) {
        views.counter(Metric.CONNECTIONS_CLOSED, () -> connections.stats().get(counter), "reason", reason);
    }
}
