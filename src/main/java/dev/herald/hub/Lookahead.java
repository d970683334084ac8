package dev.herald.hub;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

import dev.herald.log.EventLog;
import dev.herald.log.Page;

/**
 * Search from a position for the next event of a subscription, for a stream without signals. If events are missing
 * before it, the stream begins after the gap, and its header reports the loss. Otherwise the stream would end at the
 * gap, and its client would reconnect with the same id for ever.
 *
 * <p>Single use, by one thread at a time. Reads one page of minimum size at a time.
 */
final class Lookahead {
    /** A page ends after its first event. */
    private static final int ONE_EVENT = 1;

    private final EventLog log;
    private final Executor steps;
    private final Subscription subscription;
    private final BooleanSupplier cancelled;
    private final CompletableFuture<StartPosition> start = new CompletableFuture<>();
    private long begin;

    /**
     * @param steps runs a step, never within the call
     * @param cancelled whether the request was cancelled
     */
    Lookahead(EventLog log, Executor steps, Subscription subscription, BooleanSupplier cancelled) {
        this.log = log;
        this.steps = steps;
        this.subscription = subscription;
        this.cancelled = cancelled;
    }

    /** Start position of a stream after {@code position}. Fails as the log does. */
    CompletionStage<StartPosition> from(long position) {
        begin = position;
        search(position);
        return start;
    }

    private void search(long after) {
        guarded(() -> log.read(after, subscription.selectors(), ONE_EVENT)
                .whenComplete((page, failure) ->
                        guarded(() -> steps.execute(() -> guarded(() -> receive(after, page, failure))))));
    }

    /** Runs a step. One that fails or is rejected fails the search: the request would otherwise wait for ever. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            start.completeExceptionally(e);
        }
    }

    private void receive(long after, Page page, Throwable failure) {
        if (failure != null) {
            start.completeExceptionally(failure);
        } else if (page.after() > after) {
            start.complete(StartPosition.lost(page.after()));
        } else if (!page.events().isEmpty()
                || page.through() <= after
                || covered(page.through())
                || cancelled.getAsBoolean()) {
            start.complete(StartPosition.after(begin));
        } else {
            search(page.through());
        }
    }

    /** Whether the recent events are complete after {@code after}. */
    private boolean covered(long after) {
        return log.recent().after(after, after, 0).covered();
    }
}
