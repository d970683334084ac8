package dev.herald;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import org.jboss.logging.Logger;

import dev.herald.auth.AuthConfig;
import dev.herald.auth.Authenticator;
import dev.herald.hub.Hub;
import dev.herald.log.LogConfig;

/**
 * Start and stop of the hub. Refuses to start if no client could get access; drains streams before the server closes.
 */
@ApplicationScoped
class Lifecycle {
    private static final Logger LOG = Logger.getLogger(Lifecycle.class);
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** Default key of dev and test (application.properties), which is not secret. */
    private static final String WELL_KNOWN_KEY = "!ChangeThisMercureHubJWTSecretKey!";

    private final Hub hub;
    private final DrainConfig config;

    Lifecycle(Hub hub, DrainConfig config) {
        this.hub = hub;
        this.config = config;
    }

    void start(
            @Observes StartupEvent event,
            Settings settings,
            AuthConfig auth,
            Authenticator authenticator,
            LogConfig log,
            SelfCheck selfCheck) {
        settings.check();
        if (authenticator.closed()) {
            throw new ConfigurationException("Herald does not start: no client could publish or subscribe. Set"
                    + " HERALD_OPEN=true (or -Dherald.open=true) to allow all clients that reach it to do both, or"
                    + " HERALD_AUTH_PUBLISHER_KEY and HERALD_AUTH_SUBSCRIBER_KEY to require tokens.");
        }
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            warnOfWellKnownKey("herald.auth.publisher.key", auth.auth().publisher());
            warnOfWellKnownKey("herald.auth.subscriber.key", auth.auth().subscriber());
        }
        authenticator.prepare();
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            selfCheck.run();
        }
        LOG.infof(
                "%s publishers=%s subscribers=%s log=%s",
                access(auth, authenticator), authenticator.publishing(), authenticator.subscribing(), log.kind());
    }

    private static void warnOfWellKnownKey(String setting, AuthConfig.Keys keys) {
        if (keys.key().filter(WELL_KNOWN_KEY::equals).isPresent()) {
            LOG.warnf(
                    "This key is published in documents, so that everyone can make valid tokens: set another one."
                            + " setting=%s",
                    setting);
        }
    }

    private static String access(AuthConfig auth, Authenticator authenticator) {
        if (!auth.open()) {
            return "Access is restricted.";
        }
        return authenticator.verifiesTokens()
                ? "The hub is open: all clients may publish and subscribe without a token. A token that is sent"
                        + " must be valid."
                : "The hub is open: all clients may publish and subscribe. Tokens are ignored.";
    }

    /**
     * Drains the streams before the server closes its connections. Meanwhile the hub still accepts updates and answers
     * probes, which report that it is draining.
     */
    void stop(@Observes ShutdownDelayInitiatedEvent event) throws InterruptedException {
        LOG.infof(
                "Draining: streams are closed and their clients reconnect later. subscribers=%d drain=%s",
                hub.subscribers(), config.drain());
        try {
            hub.drain(config.drain())
                    .toCompletableFuture()
                    .get(config.drain().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warnf(
                    "Some streams did not end within the drain period and are closed now. subscribers=%d",
                    hub.subscribers());
        }
    }
}
