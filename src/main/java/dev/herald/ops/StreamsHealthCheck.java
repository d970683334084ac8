package dev.herald.ops;

import java.time.Duration;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

import dev.herald.hub.Hub;

/**
 * Readiness check: ready while cursors, which each stream needs, can be sealed and all event loops with streams
 * respond.
 */
@Readiness
@ApplicationScoped
class StreamsHealthCheck implements HealthCheck {
    /** An event loop that has not responded for this time is stuck, and so are its streams. */
    private static final Duration STUCK = Duration.ofSeconds(10);

    private static final Logger LOG = Logger.getLogger(StreamsHealthCheck.class);

    private final Hub hub;

    StreamsHealthCheck(Hub hub) {
        this.hub = hub;
    }

    @Override
    public HealthCheckResponse call() {
        boolean cursors = cursors();
        boolean loops = hub.responsive(STUCK);
        return HealthCheckResponse.named("streams")
                .status(cursors && loops)
                .withData("cursors", cursors)
                .withData("loops", loops)
                .build();
    }

    private boolean cursors() {
        try {
            return hub.canServe();
        } catch (Throwable e) {
            LOG.error("Streams cannot start on this node, since no cursor can be sealed. Restart the hub.", e);
            return false;
        }
    }
}
