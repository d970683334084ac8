package dev.herald;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Readiness check: ready unless the self-check at the start is in progress. */
@Readiness
@ApplicationScoped
class SelfCheckHealthCheck implements HealthCheck {
    private final SelfCheck selfCheck;

    SelfCheckHealthCheck(SelfCheck selfCheck) {
        this.selfCheck = selfCheck;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("self-check")
                .status(!selfCheck.running())
                .build();
    }
}
