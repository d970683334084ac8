package dev.herald.ops;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

import dev.herald.hub.Hub;
import dev.herald.log.EventLog;

/** Readiness check: ready while the log is writable and the hub is not draining. */
@Readiness
@ApplicationScoped
class LogHealthCheck implements HealthCheck {
    private final EventLog log;
    private final Hub hub;

    LogHealthCheck(EventLog log, Hub hub) {
        this.log = log;
        this.hub = hub;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("log")
                .status(log.writable() && !hub.draining())
                .withData("writable", log.writable())
                .withData("draining", hub.draining())
                .build();
    }
}
