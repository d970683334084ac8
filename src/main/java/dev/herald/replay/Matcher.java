package dev.herald.replay;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.herald.logging.SafeLogger;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.Matching;

/**
 * Thread that matches expensive selectors, so that they delay no event loop. Jobs run in turns of bounded cost. Each
 * stream has at most one job, so all expensive streams advance at the same rate. Thread-safe.
 */
public final class Matcher implements AutoCloseable {
    /** Cost at which a turn ends, after the current template: some hundred microseconds. */
    private static final long TURN_UNITS = 200_000;

    private static final SafeLogger LOG = SafeLogger.of(Matcher.class);

    private final ThreadPoolExecutor thread;

    Matcher() {
        // One thread, started now: it must exist when descriptors or memory are exhausted.
        thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread worker = new Thread(task, "herald-matcher");
            worker.setDaemon(true);
            return worker;
        });
        thread.prestartAllCoreThreads();
    }

    /**
     * Evaluates a match: at once if its cost is below a limit, else on this thread.
     *
     * @param units cost limit on the caller's thread
     */
    public CompletionStage<Boolean> match(Matching matching, long units) {
        if (matching.advance(new MatchBudget(units))) {
            return CompletableFuture.completedStage(matching.matches());
        }
        CompletableFuture<Boolean> matches = new CompletableFuture<>();
        run(matching::advance, failure -> {
            if (failure == null) {
                matches.complete(matching.matches());
            } else {
                matches.completeExceptionally(failure);
            }
        });
        return matches;
    }

    /**
     * Runs a job turn by turn.
     *
     * @param job does part of the remaining work within the budget; returns whether it is complete
     * @param done called once, on this thread or the caller's: with null on completion, else with the failure
     */
    public void run(Predicate<MatchBudget> job, Consumer<Throwable> done) {
        try {
            thread.execute(() -> turn(job, done));
        } catch (RejectedExecutionException | Error e) {
            done.accept(e);
        }
    }

    private void turn(Predicate<MatchBudget> job, Consumer<Throwable> done) {
        boolean finished = true;
        Throwable failure = null;
        try {
            finished = job.test(new MatchBudget(TURN_UNITS));
        } catch (Throwable e) {
            failure = e;
        }
        try {
            if (finished) {
                done.accept(failure);
            } else {
                run(job, done);
            }
        } catch (Throwable e) {
            // A rethrow would end this thread, and there may be no memory for another.
            LOG.error("The result of matching expensive selectors could not be delivered.", e);
        }
    }

    /** Number of turns that wait for the thread. */
    public int waiting() {
        return thread.getQueue().size();
    }

    /** Drops incomplete jobs: their streams end with the node. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
