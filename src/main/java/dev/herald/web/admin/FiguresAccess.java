package dev.herald.web.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Multi;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

import dev.herald.auth.AuthConfig;
import dev.herald.auth.Authenticator;
import dev.herald.auth.Grants;
import dev.herald.event.Topic;
import dev.herald.http.Clients;
import dev.herald.http.Credentials;
import dev.herald.http.HubPaths;
import dev.herald.http.ProblemType;
import dev.herald.http.RequestLoop;
import dev.herald.http.RequestRejectedException;
import dev.herald.identity.Revocations;
import dev.herald.identity.TokenIdentity;
import dev.herald.limit.StreamSlot;

/**
 * Access control of the figures. A client whose token covers their path gets all of them. On an open hub, every other
 * client gets those without private events. Thread-safe.
 */
@ApplicationScoped
class FiguresAccess {
    private static final int MAX_WATCHERS = 100;

    private final Authenticator authenticator;
    private final Credentials credentials;
    private final Clients clients;
    private final FiguresFeed feed;
    private final Revocations revocations;
    private final HubPaths paths;
    private final boolean open;
    private final AtomicInteger watchers = new AtomicInteger();

    FiguresAccess(
            Authenticator authenticator,
            Credentials credentials,
            Clients clients,
            FiguresFeed feed,
            Revocations revocations,
            HubPaths paths,
            AuthConfig config) {
        this.authenticator = authenticator;
        this.credentials = credentials;
        this.clients = clients;
        this.feed = feed;
        this.revocations = revocations;
        this.paths = paths;
        this.open = config.open();
    }

    /** Authorises the request before its head is written; fails with the reason of rejection. */
    CompletionStage<Void> prepare(RoutingContext context) {
        context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        context.response().putHeader("X-Accel-Buffering", "no");
        Optional<String> token = credentials.ofReader(context.request());
        return new RequestLoop().onLoop(authenticator.subscriber(token)).thenAccept(grants -> {
            View view = view(grants, grants.identity(token));
            if (watchers.get() >= MAX_WATCHERS) {
                throw new RequestRejectedException(
                        ProblemType.OVERLOADED,
                        MAX_WATCHERS
                                + " clients watch the figures already: close a page that shows them, or"
                                + " retry later.");
            }
            occupy(context, clients.openStream(context.request(), grants));
            context.put(View.KEY, view);
        });
    }

    /** The stream counts among those of its client until its response has ended. */
    private static void occupy(RoutingContext context, StreamSlot slot) {
        if (slot.rejection().isPresent()) {
            throw new RequestRejectedException(
                    ProblemType.TOO_MANY_STREAMS, slot.rejection().get() + " Close one, or retry later.");
        }
        context.addEndHandler(ended -> slot.close());
        if (context.response().closed()) {
            slot.close();
        }
    }

    private View view(Grants grants, TokenIdentity identity) {
        // Matched on this thread: this short topic takes less than a millisecond, whatever the token contains.
        if (grants.mayRead(new Topic(paths.figures())).complete()) {
            return new View(Figures::all, grants.expiry(), identity);
        }
        if (open) {
            return new View(Figures::open, grants.expiry(), identity);
        }
        throw RequestRejectedException.accessDenied(grants, paths.figures());
    }

    /**
     * The figures that {@link #prepare} has authorised, each as JSON, until the token expires or is revoked. Must be called on the
     * request's event loop, on which they are emitted: the feed and timers use other threads.
     */
    Multi<String> figures(RoutingContext context) {
        View view = context.remove(View.KEY);
        Multi<String> figures = feed.watch()
                .select()
                .first(now -> revocations.find(view.identity).isEmpty())
                .map(view.part);
        return view.expiry
                .map(end -> figures.select().first(until(end)))
                .orElse(figures)
                .emitOn(new RequestLoop(), 1)
                .onSubscription()
                .invoke(watchers::incrementAndGet)
                .onTermination()
                .invoke(watchers::decrementAndGet);
    }

    /** The time left, at least 1 ms: Mutiny rejects zero. */
    private static Duration until(Instant end) {
        Duration left = Duration.between(Instant.now(), end);
        return left.isNegative() || left.isZero() ? Duration.ofMillis(1) : left;
    }

    /** The part of the figures that one watcher may see, and the expiry and identity of its token. */
    private record View(Function<Figures, String> part, Optional<Instant> expiry, TokenIdentity identity) {
        static final String KEY = View.class.getName();
    }
}
