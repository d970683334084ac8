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
    private final BooleanSupplier cancelled;
    private final CompletableFuture<StartPosition> start = new CompletableFuture<>();
    private int missing;
    private long position;

    /**
     * @param steps runs a step, never within the call
     * @param cancelled whether the request was cancelled
     */
    StartLocator(EventLog log, Executor steps, Subscription subscription, BooleanSupplier cancelled) {
        this.log = log;
        this.steps = steps;
        this.subscription = subscription;
        this.cancelled = cancelled;
    }

    /** Position before the newest {@code count} events up to {@code head}; call once. Fails as the log does. */
    CompletionStage<StartPosition> from(long head, int count) {
        missing = count;
        position = head;
        search(head);
        return start;
    }

    private void search(long upTo) {
        guarded(() -> log.lookBack(upTo, missing, subscription.selectors(), subscription.grants())
                // Never within this call, or a log that answers at once would block the caller.
                .whenComplete((result, failure) ->
                        guarded(() -> steps.execute(() -> guarded(() -> receive(result, failure))))));
    }

    /** Runs a step. One that fails or is rejected fails the search: the request would otherwise wait for ever. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            start.completeExceptionally(e);
        }
    }

    private void receive(Lookback result, Throwable failure) {
        if (failure != null) {
            start.completeExceptionally(failure);
            return;
        }
        int count = result.positions().size();
        if (count > 0) {
            position = result.positions().get(count - 1) - 1;
            missing -= count;
        }
        if (missing <= 0 || result.from() <= Lookback.BEGINNING || cancelled.getAsBoolean()) {
            start.complete(StartPosition.after(position));
        } else {
            search(result.from() - 1);
        }
    }
}
