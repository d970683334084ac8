package dev.herald.ops;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

import dev.herald.hub.Hub;
import dev.herald.log.EventLog;

/** Ready while the log takes updates and the hub is not about to stop. */
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
