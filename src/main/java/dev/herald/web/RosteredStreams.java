package dev.herald.web;

import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import io.netty.channel.EventLoop;
import io.vertx.core.http.HttpServerRequest;

import dev.herald.auth.Grants;
import dev.herald.http.Clients;
import dev.herald.hub.EndNotice;
import dev.herald.hub.Hub;
import dev.herald.hub.Outlet;
import dev.herald.hub.StartPosition;
import dev.herald.hub.Subscriber;
import dev.herald.hub.Subscription;
import dev.herald.identity.Revocations;
import dev.herald.identity.TokenIdentity;
import dev.herald.roster.Roster;
import dev.herald.roster.RosterEntry;

/**
 * Opener of streams that enters them in the roster, if it is enabled: so administrators see them, and a revoked token
 * ends them. Used on the stream's event loop.
 */
@ApplicationScoped
public class RosteredStreams {
    private final Hub hub;
    private final Clients clients;
    private final Roster roster;
    private final Revocations revocations;

    public RosteredStreams(Hub hub, Clients clients, Roster roster, Revocations revocations) {
        this.hub = hub;
        this.clients = clients;
        this.roster = roster;
        this.revocations = revocations;
    }

    /** Who has sent the request; {@link Visitor#UNKNOWN} if the roster is disabled. */
    public Visitor visitor(HttpServerRequest request, Optional<String> token, Grants grants) {
        return roster.enabled() ? new Visitor(grants.identity(token), clients.address(request)) : Visitor.UNKNOWN;
    }

    /** Estimated heap bytes of the entry of a stream. */
    public long bytes(Visitor visitor) {
        return roster.bytes(visitor.identity);
    }

    /** Whether the token of the visitor was revoked since it was verified. Thread-safe. */
    public boolean revoked(Visitor visitor) {
        return revocations.find(visitor.identity).isPresent();
    }

    /** As {@link Hub#open(io.netty.util.concurrent.EventExecutor, Subscription, StartPosition, Outlet, Runnable)}. */
    public Subscriber open(
            Visitor visitor,
            EventLoop loop,
            Subscription subscription,
            StartPosition start,
            Outlet outlet,
            Runnable onEnd) {
        return roster.enabled()
                ? enter(visitor, loop, subscription, start, outlet, onEnd)
                : hub.open(loop, subscription, start, outlet, onEnd);
    }

    private Subscriber enter(
            Visitor visitor,
            EventLoop loop,
            Subscription subscription,
            StartPosition start,
            Outlet outlet,
            Runnable onEnd) {
        RosterEntry entry = roster.enter(visitor.identity, visitor.address);
        Subscriber subscriber = hub.open(loop, subscription, start, outlet, () -> {
            entry.close();
            onEnd.run();
        });
        entry.open(subscriber);
        // After the entry: either this check or the search for streams to end finds a token that is being revoked.
        if (revoked(visitor)) {
            subscriber.end(EndNotice.REVOKED);
        }
        return subscriber;
    }

    /**
     * Who opens a stream, for the roster.
     *
     * @param address of the client
     */
    public record Visitor(TokenIdentity identity, String address) {
        /** Unidentified visitor, where the roster is disabled. */
        public static final Visitor UNKNOWN = new Visitor(TokenIdentity.ANONYMOUS, "");
    }
}
