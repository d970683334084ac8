package dev.herald.web;

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

/**
 * Who may see which figures: those whose token covers their path, all of them; everybody else on an open hub, those that
 * count nothing private. Thread-safe.
 */
@ApplicationScoped
class FiguresAccess {
    private static final int MOST_WATCHERS = 100;

    private final Authenticator authenticator;
    private final Credentials credentials;
    private final FiguresFeed feed;
    private final HubPaths paths;
    private final boolean open;
    private final AtomicInteger watchers = new AtomicInteger();

    FiguresAccess(
            Authenticator authenticator, Credentials credentials, FiguresFeed feed, HubPaths paths, AuthConfig config) {
        this.authenticator = authenticator;
        this.credentials = credentials;
        this.feed = feed;
        this.paths = paths;
        this.open = config.open();
    }

    /** Finds out before the head is written; fails with what the request is to be refused for. */
    CompletionStage<Void> prepare(RoutingContext context) {
        context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        context.response().putHeader("X-Accel-Buffering", "no");
        Optional<String> token = credentials.ofReader(context.request());
        return new OwnLoop()
                .bring(authenticator.subscriber(token))
                .thenApply(this::view)
                .thenAccept(view -> {
                    if (watchers.get() >= MOST_WATCHERS) {
                        throw new RefusedException(
                                ProblemType.OVERLOADED,
                                MOST_WATCHERS
                                        + " clients watch the figures already: close a page that shows them, or wait.");
                    }
                    context.put(View.KEY, view);
                });
    }

    private View view(Grants grants) {
        // A short topic of the hub's own: less than a millisecond, whatever the token holds.
        if (grants.maySee(new Topic(paths.figures())).complete()) {
            return new View(Figures::all, grants.expiry());
        }
        if (open) {
            return new View(Figures::open, grants.expiry());
        }
        throw RefusedException.notCovered(grants, paths.figures());
    }

    /**
     * The figures that were found out to be seen, each as JSON, for as long as the token is good. To be called on the
     * request's event loop, on which they come: the feed has threads of its own, and so have timers.
     */
    Multi<String> figures(RoutingContext context) {
        View view = context.remove(View.KEY);
        Multi<String> figures = feed.watch().map(view.part);
        return view.expiry
                .map(end -> figures.select().first(until(end)))
                .orElse(figures)
                .emitOn(new OwnLoop(), 1)
                .onSubscription()
                .invoke(watchers::incrementAndGet)
                .onTermination()
                .invoke(watchers::decrementAndGet);
    }

    /** At least a moment, since no time at all is refused. */
    private static Duration until(Instant end) {
        Duration left = Duration.between(Instant.now(), end);
        return left.isNegative() || left.isZero() ? Duration.ofMillis(1) : left;
    }

    /** What one watcher may see, and until when. */
    private record View(Function<Figures, String> part, Optional<Instant> expiry) {
        static final String KEY = View.class.getName();
    }
}
