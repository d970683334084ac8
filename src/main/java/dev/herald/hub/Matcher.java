package dev.herald.hub;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.herald.logging.SafeLogger;
import dev.herald.selector.MatchBudget;

/**
 * Thread on which expensive selectors are matched, so that they delay no event loop. The jobs take turns of bounded cost:
 * each stream has one job at most, so all expensive streams advance at the same rate. Thread-safe.
 */
final class Matcher implements AutoCloseable {
    /** A turn ends after the template in which it has cost so much: some hundred microseconds. */
    private static final long TURN_UNITS = 200_000;

    private static final SafeLogger LOG = SafeLogger.of(Matcher.class);

    private final ThreadPoolExecutor thread;

    Matcher() {
        // One thread, started now: it must be there when descriptors or memory are exhausted.
        thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread made = new Thread(task, "herald-matcher");
            made.setDaemon(true);
            return made;
        });
        thread.prestartAllCoreThreads();
    }

    /**
     * Runs a job turn by turn.
     *
     * @param job does some of the work that is left, within the budget; returns whether it is done
     * @param done called once: with null when the job is done, else with what it failed with; on this thread or the
     *     caller's
     */
    void run(Predicate<MatchBudget> job, Consumer<Throwable> done) {
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
            // Thrown on, it would end this thread, and there may be no memory for another.
            LOG.error("The result of matching expensive selectors could not be handed over.", e);
        }
    }

    /** Jobs that are not done are dropped: their streams end with the node. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
