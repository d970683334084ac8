package dev.herald.log.local;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Receipt;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.identity.Revocation;
import dev.herald.log.AppendListener;
import dev.herald.log.Cursors;
import dev.herald.log.EventLog;
import dev.herald.log.LogClosedException;
import dev.herald.log.LogStats;
import dev.herald.log.Lookback;
import dev.herald.log.Page;
import dev.herald.log.Purge;
import dev.herald.log.Purged;
import dev.herald.log.RecentEvents;
import dev.herald.log.Retention;
import dev.herald.log.TopicSnapshot;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

/**
 * In-memory log, bounded by count, bytes and age, lost when the process ends: for tests, demos, and hubs without replay
 * after a restart. A read costs O(log n) to start and considers at most {@value #MAX_CONSIDERED} events.
 *
 * <p>Exact topics are matched on the caller's thread, and such stages are complete when returned. Templates are matched
 * on threads of the log.
 */
public final class MemoryEventLog implements EventLog {
    private static final int MAX_CONSIDERED = 1_024;

    private final MemoryStore store;
    private final MemorySnapshots snapshots;

    private final RecentEvents recent;
    private final Cursors cursors;
    private final Appender appender;
    private final ExecutorService reader = thread("herald-memory-reader");
    private final ExecutorService expensiveReader = thread("herald-memory-expensive-reader");

    /**
     * @param retention retention limits
     * @param maxHeap maximum heap bytes of all kept events and idempotency keys, estimated
     * @param recentBytes memory for {@link #recent()}, in bytes
     * @param maxWaiting maximum waiting updates
     * @param updates bytes for waiting updates
     */
    public MemoryEventLog(
            Retention retention, long maxHeap, long recentBytes, int maxWaiting, MemoryBudget updates, Clock clock) {
        this.recent = new RecentEvents(recentBytes);
        this.cursors = Cursors.ofNewLog(recent);
        this.store = new MemoryStore(retention, maxHeap, recent, clock);
        this.snapshots = new MemorySnapshots(store::event, this::horizon, store.topics());
        this.appender = new Appender(store, recent, maxWaiting, updates, clock, cursors);
    }

    /** Its store. Tests make a batch fail in it. */
    MemoryStore store() {
        return store;
    }

    private static ExecutorService thread(String name) {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public CompletionStage<Event> append(Update update) {
        return appender.append(update);
    }

    @Override
    public CompletionStage<Receipt> append(UpdateBatch batch, AppendListener listener) {
        return appender.append(batch, listener);
    }

    @Override
    public CompletionStage<Event> appendTransient(Update update) {
        return appender.appendTransient(update);
    }

    @Override
    public CompletionStage<Page> read(long after, List<TopicSelector> selectors, int maxBytes) {
        return query(selectors, List.of(), () -> page(after, selectors, maxBytes));
    }

    /** Matches templates on another thread, expensive ones on a third, so that they delay only each other. */
    private <T> CompletionStage<T> query(List<TopicSelector> selectors, List<TopicSelector> grants, Supplier<T> query) {
        if (withoutTemplates(selectors) && withoutTemplates(grants)) {
            return CompletableFuture.completedStage(query.get());
        }
        boolean expensive = TopicSelector.expensive(selectors) || TopicSelector.expensive(grants);
        try {
            return CompletableFuture.supplyAsync(query, expensive ? expensiveReader : reader);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedStage(new LogClosedException());
        }
    }

    private static boolean withoutTemplates(List<TopicSelector> selectors) {
        return selectors.stream().noneMatch(TopicSelector.Template.class::isInstance);
    }

    private Page page(long after, List<TopicSelector> selectors, int maxBytes) {
        MatchBudget budget = new MatchBudget(MatchBudget.PAGE_UNITS);
        TopicFilter filter = new TopicFilter(selectors);
        List<Event> selected = new ArrayList<>();
        long begin = after;
        long through = after;
        long bytes = 0;
        int considered = 0;
        for (Event event : store.after(after)) {
            if (bytes >= maxBytes || considered == MAX_CONSIDERED || budget.exhausted()) {
                break;
            }
            // Retention may remove events during this loop; then the horizon shows the gap.
            long removed = store.horizon();
            if (removed > through) {
                if (considered > 0) {
                    break;
                }
                begin = removed;
                through = removed;
            }
            if (event.position() <= through) {
                continue;
            }
            considered++;
            through = event.position();
            if (!event.isPurged() && filter.matches(event.topics(), budget)) {
                selected.add(event);
                bytes += Page.bytes(event);
            }
        }
        return new Page(begin, selected, through);
    }

    @Override
    public CompletionStage<Lookback> lookBack(
            long upTo, int count, List<TopicSelector> selectors, List<TopicSelector> grants) {
        return query(selectors, grants, () -> searchBack(upTo, count, selectors, grants));
    }

    private Lookback searchBack(long upTo, int count, List<TopicSelector> selectors, List<TopicSelector> grants) {
        MatchBudget budget = new MatchBudget(MatchBudget.PAGE_UNITS);
        TopicFilter wanted = new TopicFilter(selectors);
        TopicFilter granted = new TopicFilter(grants);
        List<Long> found = new ArrayList<>();
        long from = Math.min(upTo, Long.MAX_VALUE - 1) + 1;
        int considered = 0;
        for (Event event : store.before(upTo)) {
            if (found.size() == count || considered++ == MAX_CONSIDERED || budget.exhausted()) {
                return new Lookback(found, from);
            }
            from = event.position();
            if (!event.isPurged()
                    && wanted.matches(event.topics(), budget)
                    && granted.permits(event.isPrivate(), event.topics(), budget)) {
                found.add(from);
            }
        }
        return new Lookback(found, Lookback.BEGINNING);
    }

    @Override
    public CompletionStage<TopicSnapshot> latest(
            List<TopicSelector> selectors, List<TopicSelector> grants, BooleanSupplier cancelled) {
        boolean expensive = TopicSelector.expensive(selectors) || TopicSelector.expensive(grants);
        return snapshots.latest(recent.head(), selectors, grants, cancelled, expensive ? expensiveReader : reader);
    }

    @Override
    public CompletionStage<Page> read(TopicSnapshot snapshot, long after, List<TopicSelector> selectors, int maxBytes) {
        return query(selectors, List.of(), () -> snapshots.page(snapshot, after, selectors, maxBytes));
    }

    @Override
    public CompletionStage<Optional<Event>> find(EventId id, List<TopicSelector> grants) {
        return query(List.of(), grants, () -> findNow(id, grants));
    }

    private Optional<Event> findNow(EventId id, List<TopicSelector> grants) {
        TopicFilter granted = new TopicFilter(grants);
        MatchBudget budget = new MatchBudget(MatchBudget.PAGE_UNITS);
        return store.positions(id)
                .limit(MAX_CONSIDERED)
                .mapToObj(store::event)
                // Retention may have removed it meanwhile.
                .takeWhile(event -> !budget.exhausted())
                .filter(event -> event != null
                        && !event.isPurged()
                        && event.id().equals(id)
                        && granted.permits(event.isPrivate(), event.topics(), budget))
                .findFirst();
    }

    @Override
    public CompletionStage<Purged> purge(Purge purge) {
        return appender.execute(store.purge(purge));
    }

    @Override
    public CompletionStage<OptionalLong> findPurged(EventId id) {
        return CompletableFuture.completedStage(store.purged(id));
    }

    /** There is nothing to do: they end with the process. */
    @Override
    public CompletionStage<Void> keep(Revocation revocation) {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> forget(Revocation.Target target) {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public List<Revocation> revocations() {
        return List.of();
    }

    @Override
    public void follow(LongConsumer listener) {
        appender.follow(listener);
    }

    @Override
    public long horizon() {
        return store.horizon();
    }

    @Override
    public RecentEvents recent() {
        return recent;
    }

    @Override
    public Cursors cursors() {
        return cursors;
    }

    @Override
    public LogStats stats() {
        return new LogStats(
                store.kept(),
                appender.stats(),
                store.keys(),
                appender.queued(),
                OptionalLong.empty(),
                OptionalLong.empty());
    }

    @Override
    public boolean writable() {
        return appender.alive();
    }

    @Override
    public void close() {
        appender.close();
        reader.shutdown();
        expensiveReader.shutdown();
    }
}
