package dev.herald;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import org.jboss.logging.Logger;

import dev.herald.auth.AuthConfig;
import dev.herald.hub.DrainConfig;
import dev.herald.hub.Hub;
import dev.herald.log.LogConfig;

/** Start and stop: refuses to start a hub that would let nobody in, and ends the streams before the server goes. */
@ApplicationScoped
class Lifecycle {
    private static final Logger LOG = Logger.getLogger(Lifecycle.class);
    private static final long GRACE_MILLIS = 1_000;

    private final Hub hub;
    private final DrainConfig config;

    Lifecycle(Hub hub, DrainConfig config) {
        this.hub = hub;
        this.config = config;
    }

    void start(@Observes StartupEvent event, AuthConfig auth, LogConfig log) {
        if (!auth.open()) {
            throw new ConfigurationException("Herald does not start: it would let nobody publish or subscribe. Set"
                    + " HERALD_OPEN=true (or -Dherald.open=true) to let everybody who reaches it do both.");
        }
        LOG.infof("The hub is open: whoever reaches it may publish and subscribe. log=%s", log.kind());
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        CompletableFuture<Void> drained = hub.drain(config.drain()).toCompletableFuture();
        try {
            drained.get(config.drain().toMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            LOG.warnf("Some streams did not end in time and are cut off. subscribers=%d", hub.subscribers());
        }
    }
}
