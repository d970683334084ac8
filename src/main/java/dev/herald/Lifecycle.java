package dev.herald;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.StartupEvent;
import org.jboss.logging.Logger;

import dev.herald.auth.AuthConfig;
import dev.herald.auth.Authenticator;
import dev.herald.http.RequestsInProgress;
import dev.herald.hub.Hub;
import dev.herald.tracing.Tracing;

/**
 * Lifecycle of the hub: start, after {@link Settings} has accepted the configuration, and stop. Drains streams before
 * the server closes.
 */
@ApplicationScoped
class Lifecycle {
    private static final Logger LOG = Logger.getLogger(Lifecycle.class);
    private static final Duration GRACE = Duration.ofSeconds(1);
    private static final Duration LAST_REJECTIONS = Duration.ofMillis(500);

    /** Default key of dev and test (application.properties), which is not secret. */
    private static final String WELL_KNOWN_KEY = "!ChangeThisMercureHubJWTSecretKey!";

    private final Hub hub;
    private final RequestsInProgress requests;
    private final DrainConfig config;

    Lifecycle(Hub hub, RequestsInProgress requests, DrainConfig config) {
        this.hub = hub;
        this.requests = requests;
        this.config = config;
    }

    void start(
            @Observes StartupEvent event,
            AuthConfig auth,
            Authenticator authenticator,
            Tracing tracing,
            StartConfig startConfig,
            SelfCheck selfCheck,
            StartReport report) {
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            warnOfWellKnownKey("herald.auth.publisher.key", auth.auth().publisher());
            warnOfWellKnownKey("herald.auth.subscriber.key", auth.auth().subscriber());
            warnOfWellKnownKey("herald.auth.admin.key", auth.auth().admin());
        }
        authenticator.prepare();
        tracing.start();
        if (LaunchMode.current() == LaunchMode.NORMAL && startConfig.selfCheck()) {
            selfCheck.run();
        }
        report.log();
    }

    private static void warnOfWellKnownKey(String setting, AuthConfig.Keys keys) {
        if (keys.key().filter(WELL_KNOWN_KEY::equals).isPresent()) {
            LOG.warnf(
                    "This key is published in documents, so that everyone can make valid tokens: set another one."
                            + " setting=%s",
                    setting);
        }
    }

    /**
     * Stops in order: readiness goes down, and after a notice the streams end, spread over the drain period. The hub
     * accepts updates until the last stream has ended. Then it rejects them, and waits for the answers of requests in
     * progress before the server closes. Each step has a limit. First of all observers: readiness must not wait for
     * others.
     */
    void stop(@Observes @Priority(1) ShutdownDelayInitiatedEvent event) throws InterruptedException {
        long begin = System.nanoTime();
        hub.beginDrain();
        requests.announceEnd();
        // Without a drain period, a stop is meant to be immediate.
        Duration notice = config.drain().isZero() ? Duration.ZERO : config.drainNotice();
        LOG.infof(
                "Draining: streams are closed and their clients reconnect later. subscribers=%d notice=%s drain=%s",
                hub.subscribers(), notice, config.drain());
        TimeUnit.MILLISECONDS.sleep(notice.toMillis());
        endStreams();
        hub.rejectUpdates();
        if (!config.drain().isZero()) {
            // Publishers that get a rejection wait, and none is connecting when the server closes.
            TimeUnit.MILLISECONDS.sleep(LAST_REJECTIONS.toMillis());
        }
        int unanswered = requests.finish(GRACE);
        LOG.infof(
                "Drained: the server closes. subscribers=%d unanswered=%d millis=%d",
                hub.subscribers(), unanswered, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    }

    private void endStreams() throws InterruptedException {
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
