package dev.herald.hub;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

import dev.herald.log.EventLog;
import dev.herald.log.Lookback;

/**
 * Finds where a stream begins that asks for the newest events: looks back over the log one step after the other, until
 * enough are found or the log has no more, or nobody waits for it. Each step is a task of its own, so that no thread is
 * held up for long; one at a time uses this.
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

    /** Where the newest so many events up to a position begin; to be called once. Fails as the log does. */
    CompletionStage<StartPosition> from(long head, int count) {
        missing = count;
        position = head;
        look(head);
        return start;
    }

    private void look(long upTo) {
        attempt(() -> log.lookBack(upTo, missing, subscription.selectors(), subscription.grants())
                // Never within this call, or a log that answers at once would hold up the caller.
                .whenComplete(
                        (seen, failure) -> attempt(() -> steps.execute(() -> attempt(() -> goOn(seen, failure))))));
    }

    /** A step that fails, or is not taken, ends the search: the request waits for nothing else. */
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
