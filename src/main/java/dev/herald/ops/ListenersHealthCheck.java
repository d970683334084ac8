package dev.herald.ops;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

import dev.herald.connection.Listeners;

/** Readiness check: ready once each configured listener, HTTP and HTTPS, accepts connections. */
@Readiness
@ApplicationScoped
class ListenersHealthCheck implements HealthCheck {
    private final Listeners listeners;

    ListenersHealthCheck(Listeners listeners) {
        this.listeners = listeners;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("listeners")
                .status(listeners.accepting())
                .build();
    }
}
