package dev.herald.log.local;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

import dev.herald.event.Event;
import dev.herald.log.EventLogException;
import dev.herald.log.LogClosedException;
import dev.herald.log.Page;
import dev.herald.log.TopicSnapshot;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

/** Snapshots of topics of the memory log: searching for them and reading them. Thread-safe. */
final class MemorySnapshots {
    /** Maximum topics and events of a step, or events of a page. */
    private static final int MAX_CONSIDERED = 1_024;

    private final LongFunction<Event> events;
    private final LongSupplier horizon;
    private final PositionsByTopic byTopic;

    /**
     * @param events finds an event by its position; null if it was removed
     * @param horizon {@link dev.herald.log.EventLog#horizon}
     */
    MemorySnapshots(LongFunction<Event> events, LongSupplier horizon, PositionsByTopic byTopic) {
        this.events = events;
        this.horizon = horizon;
        this.byTopic = byTopic;
    }

    /**
     * {@link dev.herald.log.EventLog#latest}.
     *
     * @param asOf head of the log
     * @param thread runs each step as a task of its own: on the caller's thread, thousands of topics would take too long
     */
    CompletionStage<TopicSnapshot> latest(
            long asOf,
            List<TopicSelector> selectors,
            List<TopicSelector> grants,
            BooleanSupplier cancelled,
            Executor thread) {
        CompletableFuture<TopicSnapshot> result = new CompletableFuture<>();
        run(byTopic.new Search(asOf, selectors, grants, events), cancelled, thread, result);
        return result;
    }

    private static void run(
            PositionsByTopic.Search search,
            BooleanSupplier cancelled,
            Executor thread,
            CompletableFuture<TopicSnapshot> result) {
        try {
            thread.execute(() -> step(search, cancelled, thread, result));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new LogClosedException());
        }
    }

    private static void step(
            PositionsByTopic.Search search,
            BooleanSupplier cancelled,
            Executor thread,
            CompletableFuture<TopicSnapshot> result) {
        try {
            if (search.step(MAX_CONSIDERED) || cancelled.getAsBoolean()) {
                result.complete(search.snapshot());
            } else {
                run(search, cancelled, thread, result);
            }
        } catch (Throwable e) {
            // A stream or a request waits for it.
            result.completeExceptionally(new EventLogException("The log could not be searched.", e));
        }
    }

    /** {@link dev.herald.log.EventLog#read(TopicSnapshot, long, List, int)}. */
    Page page(TopicSnapshot snapshot, long after, List<TopicSelector> selectors, int maxBytes) {
        MatchBudget budget = new MatchBudget(MatchBudget.PAGE_UNITS);
        TopicFilter filter = new TopicFilter(selectors);
        List<Event> selected = new ArrayList<>();
        // What retention removes before the first event was read is not part of the snapshot.
        boolean started = after > snapshot.start();
        long begin = after;
        long through = started ? after : Math.max(after, Math.min(horizon.getAsLong(), snapshot.asOf()));
        long bytes = 0;
        List<Long> next = snapshot.positions(through, MAX_CONSIDERED);
        for (long position : next) {
            if (bytes >= maxBytes || budget.exhausted()) {
                return new Page(begin, selected, through);
            }
            Event event = events.apply(position);
            if (event == null && started) {
                if (!selected.isEmpty()) {
                    return new Page(begin, selected, through);
                }
                begin = position;
            }
            started |= event != null;
            through = position;
            if (event != null && !event.isPurged() && filter.matches(event.topics(), budget)) {
                selected.add(event);
                bytes += Page.bytes(event);
            }
        }
        return new Page(begin, selected, next.size() < MAX_CONSIDERED ? snapshot.asOf() : through);
    }
}
