package dev.herald.ops;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

import dev.herald.hub.Hub;
import dev.herald.log.EventLog;

/**
 * Readiness check: ready while the hub is not draining. A log that rejects updates is reported as {@code writable:
 * false}; whether that ends readiness is {@link ReadyConfig#whenReadOnly}. A node that cannot follow the log that it shares
 * with others, until a person acts, is not ready.
 */
@Readiness
@ApplicationScoped
class LogHealthCheck implements HealthCheck {
    private final EventLog log;
    private final Hub hub;
    private final ReadyConfig config;

    LogHealthCheck(EventLog log, Hub hub, ReadyConfig config) {
        this.log = log;
        this.hub = hub;
        this.config = config;
    }

    @Override
    public HealthCheckResponse call() {
        boolean writable = log.writable();
        boolean draining = hub.draining();
        return HealthCheckResponse.named("log")
                .status(!draining && log.readable() && (writable || config.whenReadOnly()))
                .withData("writable", writable)
                .withData("draining", draining)
                .build();
    }
}
