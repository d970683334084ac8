package dev.herald.hub;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

import dev.herald.log.EventLog;
import dev.herald.log.Lookback;

/**
 * Backward search for the start position of a stream that asks for the newest events. Ends when enough are found, the
 * log has no more, or the request is cancelled. Each step is a separate task, so that none occupies a thread for long.
 * Single use, by one thread at a time.
 */
final class StartLocator {
    private final EventLog log;
    private final Executor steps;
    private final Subscription subscription;
    private final BooleanSupplier gone;
    private final CompletableFuture<StartPosition> start = new CompletableFuture<>();
    private int missing;
    private long position;

    /**
     * @param steps runs a step, never within the call
     * @param gone whether the request was cancelled
     */
    StartLocator(EventLog log, Executor steps, Subscription subscription, BooleanSupplier gone) {
        this.log = log;
        this.steps = steps;
        this.subscription = subscription;
        this.gone = gone;
    }

    /** Position before the newest {@code count} events up to {@code head}; call once. Fails as the log does. */
    CompletionStage<StartPosition> from(long head, int count) {
        missing = count;
        position = head;
        look(head);
        return start;
    }

    private void look(long upTo) {
        attempt(() -> log.lookBack(upTo, missing, subscription.selectors(), subscription.grants())
                // Never within this call, or a log that answers at once would block the caller.
                .whenComplete(
                        (seen, failure) -> attempt(() -> steps.execute(() -> attempt(() -> goOn(seen, failure))))));
    }

    /** A step that fails or is rejected fails the search: the request would otherwise wait. */
    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            start.completeExceptionally(e);
        }
    }

    private void goOn(Lookback seen, Throwable failure) {
        if (failure != null) {
            start.completeExceptionally(failure);
            return;
        }
        int found = seen.positions().size();
        if (found > 0) {
            position = seen.positions().get(found - 1) - 1;
            missing -= found;
        }
        if (missing <= 0 || seen.from() <= Lookback.BEGINNING || gone.getAsBoolean()) {
            start.complete(StartPosition.after(position));
        } else {
            look(seen.from() - 1);
        }
    }
}
