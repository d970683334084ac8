package dev.herald;

import java.net.URI;
import java.time.Instant;

import jakarta.inject.Singleton;

import io.quarkus.runtime.LaunchMode;
import io.vertx.core.Vertx;
import org.jboss.logging.Logger;

import dev.herald.auth.AuthConfig;
import dev.herald.auth.Authenticator;
import dev.herald.connection.Listeners;
import dev.herald.memory.HeapShares;

/**
 * Log lines of a start: who may publish and subscribe, the heap budgets, and where the hub listens.
 * {@link EventLogProducer} logs the line of the event log. No line has a key or a token.
 */
@Singleton
class StartReport {
    private static final Logger LOG = Logger.getLogger(StartReport.class);

    private final AuthConfig auth;
    private final Authenticator authenticator;
    private final HeapShares heap;
    private final Listeners listeners;
    private final Vertx vertx;

    StartReport(AuthConfig auth, Authenticator authenticator, HeapShares heap, Listeners listeners, Vertx vertx) {
        this.auth = auth;
        this.authenticator = authenticator;
        this.heap = heap;
        this.listeners = listeners;
        this.vertx = vertx;
    }

    /** Logs what is known before the port opens, and the addresses once all of them accept connections. */
    void log() {
        logAccess();
        LOG.infof(
                "Heap budgets, in bytes. heap=%d streams=%d updates=%d bodies=%d requests=%d pages=%d tokens=%d"
                        + " recent=%d",
                Runtime.getRuntime().maxMemory(),
                heap.streams().limit(),
                heap.updates().limit(),
                heap.bodies().limit(),
                heap.requests().limit(),
                heap.pages().limit(),
                heap.tokens().limit(),
                heap.recentBytes());
        listeners.complete().thenRun(this::logAddresses);
    }

    private void logAccess() {
        // In dev and test the hub is open by default, and reached from this machine only.
        Logger.Level level =
                auth.open() && LaunchMode.current() == LaunchMode.NORMAL ? Logger.Level.WARN : Logger.Level.INFO;
        LOG.logf(
                level,
                "%s publishers=%s subscribers=%s administrators=%s issuers=%s",
                access(),
                authenticator.publishing(),
                authenticator.subscribing(),
                authenticator.administering(),
                issuers());
    }

    private String access() {
        if (!auth.open()) {
            return "Access is restricted.";
        }
        return authenticator.verifiesTokens()
                ? "The hub is open: all clients may publish and subscribe without a token. A token that is sent"
                        + " must be valid."
                : "The hub is open: all clients may publish and subscribe. Tokens are ignored.";
    }

    private String issuers() {
        String publisher = issuer(auth.auth().publisher());
        String subscriber = issuer(auth.auth().subscriber());
        if (publisher.equals(subscriber)) {
            return publisher;
        }
        return publisher + "," + subscriber;
    }

    private static String issuer(AuthConfig.Keys keys) {
        // A URL may have a password or a token in it.
        return keys.jwksUrl().map(url -> URI.create(url).getHost()).orElse("none");
    }

    private void logAddresses() {
        LOG.infof(
                "Listening. http=%s https=%s certificateExpires=%s",
                listeners.httpAddress().orElse("none"),
                listeners.httpsAddress().orElse("none"),
                listeners.certificateExpiry(vertx).map(Instant::toString).orElse("none"));
    }
}
