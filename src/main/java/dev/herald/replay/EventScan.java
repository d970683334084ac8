package dev.herald.replay;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import dev.herald.event.Event;
import dev.herald.log.Page;
import dev.herald.log.RecentEvents;
import dev.herald.log.TopicSnapshot;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.MatchMemo;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

/**
 * Scan of a range of the log, batch by batch, for the events that one client has selected and may read. Reads the recent
 * events in memory where they cover the range, else pages of the log, as streams do that catch up. Ends at the position
 * that was the log's newest when it began, so it ends even under steady publishing. A scan of a snapshot reads its events
 * alone.
 *
 * <p>Used by one thread at a time. Each step has a bounded cost. Expensive selectors are matched on the thread of the
 * {@link Matcher}.
 */
public final class EventScan {
    /** Cost limit of one selection step: some ten microseconds. */
    private static final long STEP_UNITS = 50_000;

    private static final Runnable NOTHING = () -> {};

    private final RecentEvents recent;
    private final Replay replay;
    private final List<TopicSelector> selectors;
    private final TopicFilter wanted;
    private final TopicFilter granted;
    private final boolean expensive;
    private final Executor steps;
    private final Optional<TopicSnapshot> snapshot;
    private final long end;
    private long cursor;
    private boolean fromOldest;

    /**
     * @param after position to start at, exclusive
     * @param oldest whether events that retention has removed after it are no loss
     * @param snapshot of whose events the scan consists; else of the log's
     * @param steps runs a step, never within the call
     */
    public EventScan(
            RecentEvents recent,
            Replay replay,
            List<TopicSelector> selectors,
            List<TopicSelector> grants,
            long after,
            boolean oldest,
            Optional<TopicSnapshot> snapshot,
            Executor steps) {
        this.recent = recent;
        this.replay = replay;
        this.selectors = selectors;
        this.wanted = new TopicFilter(selectors);
        this.granted = new TopicFilter(grants);
        this.expensive = TopicSelector.expensive(selectors) || TopicSelector.expensive(grants);
        this.steps = steps;
        this.cursor = after;
        this.fromOldest = oldest;
        this.snapshot = snapshot;
        this.end = snapshot.map(TopicSnapshot::asOf).orElseGet(recent::head);
    }

    /**
     * Reads the next batch, which may be empty. Call it once at a time, until {@link Batch#last}.
     *
     * @return completes on the thread of a step; the caller closes the batch. Fails if the log cannot be read, or the
     *     hub is closed; a retry helps later
     */
    public CompletionStage<Batch> next() {
        CompletableFuture<Batch> batch = new CompletableFuture<>();
        handOver(batch, NOTHING, () -> read(batch));
        return batch;
    }

    /** Enqueues a step. One that cannot be enqueued, or fails, fails the batch, and releases its page. */
    private void handOver(CompletableFuture<Batch> batch, Runnable release, Runnable step) {
        guarded(batch, release, () -> steps.execute(() -> guarded(batch, release, step)));
    }

    private static void guarded(CompletableFuture<Batch> batch, Runnable release, Runnable step) {
        boolean done = false;
        try {
            step.run();
            done = true;
        } catch (Exception | Error e) {
            batch.completeExceptionally(e);
        } finally {
            if (!done) {
                release.run();
            }
        }
    }

    private void read(CompletableFuture<Batch> batch) {
        if (cursor >= end) {
            batch.complete(new Batch(List.of(), cursor, false, true, NOTHING));
            return;
        }
        RecentEvents.Window window = recent.after(cursor, end, PageReader.PAGE_BYTES);
        if (window.covered() && snapshot.isEmpty()) {
            select(new Step(
                    batch,
                    new Selection(wanted, granted, MatchMemo.NONE, window.events(), cursor, window.through()),
                    false,
                    NOTHING));
        } else {
            replay.pages(expensive)
                    .read(
                            cursor,
                            selectors,
                            snapshot,
                            (page, failure, release) ->
                                    handOver(batch, release, () -> received(batch, page, failure, release)));
        }
    }

    private void received(CompletableFuture<Batch> batch, Page page, Throwable failure, Runnable release) {
        if (failure != null) {
            release.run();
            batch.completeExceptionally(failure);
            return;
        }
        boolean gap = page.after() > cursor && !fromOldest;
        long after = Math.max(cursor, page.after());
        // The rest comes from the recent events: unlike pages, they contain transient events.
        long covered = snapshot.isPresent() ? end : recent.coveredAfter();
        long through = Math.max(after, Math.min(Math.min(page.through(), end), covered));
        if (through == cursor) {
            throw new IllegalStateException(
                    "The log has no event after position=" + cursor + ", but its head is " + end + ".");
        }
        select(new Step(
                batch, new Selection(null, granted, MatchMemo.NONE, page.events(), after, through), gap, release));
    }

    private void select(Step step) {
        if (expensive) {
            Consumer<Throwable> selected = failure -> handOver(step.batch, step.release, () -> selected(step, failure));
            replay.matcher().run(step.selection::advance, selected);
        } else if (step.selection.advance(new MatchBudget(STEP_UNITS))) {
            complete(step);
        } else {
            handOver(step.batch, step.release, () -> select(step));
        }
    }

    private void selected(Step step, Throwable failure) {
        if (failure == null) {
            complete(step);
        } else {
            step.release.run();
            step.batch.completeExceptionally(failure);
        }
    }

    private void complete(Step step) {
        cursor = step.selection.through();
        fromOldest = false;
        step.batch.complete(new Batch(step.selection.selected(), cursor, step.gap, cursor >= end, step.release));
    }

    /** Selection in progress. */
    private record Step(CompletableFuture<Batch> batch, Selection selection, boolean gap, Runnable release) {}

    /**
     * Part of the range.
     *
     * @param events those selected, in order
     * @param through last position considered, inclusive
     * @param gap whether events before this batch are missing, since retention has removed them
     * @param last whether the end of the range is reached
     * @param release gives the page back
     */
    public record Batch(List<Event> events, long through, boolean gap, boolean last, Runnable release)
            implements AutoCloseable {
        /** Gives the page back. Call it when the events are no longer used. */
        @Override
        public void close() {
            release.run();
        }
    }
}
