package dev.herald.log.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Fingerprint;
import dev.herald.event.Receipt;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.identity.Revocation;
import dev.herald.identity.TokenIdentity;
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
import dev.herald.logging.SafeLogger;
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
    private static final int PURGED_A_STEP = 10_000;
    private static final SafeLogger LOG = SafeLogger.of(MemoryEventLog.class);

    private final ConcurrentNavigableMap<Long, Event> events = new ConcurrentSkipListMap<>();
    private final PositionsById positions = new PositionsById();

    private final PositionsByTopic byTopic = new PositionsByTopic();
    private final MemorySnapshots snapshots = new MemorySnapshots(events::get, this::horizon, byTopic);

    /** Positions of the placeholders of purged public events, by the id of the placeholder. */
    private final PositionsById purged = new PositionsById();

    private final Retention retention;
    private final long maxHeap;
    private final Clock clock;
    private final RecentEvents recent;
    private final Cursors cursors;
    private final Appender appender;
    private final ExecutorService reader = thread("herald-memory-reader");
    private final ExecutorService expensiveReader = thread("herald-memory-expensive-reader");

    /** Owned by the appender's thread, like the next three. */
    private final MemoryKeys keys;

    private long kept;

    private long keptBytes;
    private long keptHeapBytes;
    private volatile long horizon;
    private volatile LogStats.Kept stats = LogStats.Kept.NONE;

    /**
     * @param retention retention limits
     * @param maxHeap maximum heap bytes of all kept events and idempotency keys, estimated
     * @param recentBytes memory for {@link #recent()}, in bytes
     * @param maxWaiting maximum waiting updates
     * @param updates bytes for waiting updates
     */
    public MemoryEventLog(
            Retention retention, long maxHeap, long recentBytes, int maxWaiting, MemoryBudget updates, Clock clock) {
        this.retention = retention;
        this.maxHeap = maxHeap;
        this.clock = clock;
        this.keys = new MemoryKeys(retention.keys(), maxHeap, clock);
        this.recent = new RecentEvents(recentBytes);
        this.cursors = Cursors.ofNewLog(recent);
        this.appender = new Appender(new Store(), recent, maxWaiting, updates, clock, cursors);
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
        for (Event event : events.tailMap(after, false).values()) {
            if (bytes >= maxBytes || considered == MAX_CONSIDERED || budget.exhausted()) {
                break;
            }
            // Retention may remove events during this loop; then the horizon shows the gap.
            long removed = horizon;
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
        for (Event event : events.headMap(upTo, true).descendingMap().values()) {
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
        return positions
                .of(id)
                .limit(MAX_CONSIDERED)
                .mapToObj(events::get)
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
        return appender.execute(new Purging(purge));
    }

    @Override
    public CompletionStage<OptionalLong> findPurged(EventId id) {
        return CompletableFuture.completedStage(purged.of(placeholder(id)).findFirst());
    }

    /** Id of the placeholder of a purged event with this id. */
    private static EventId placeholder(EventId id) {
        return new EventId("purged:" + TokenIdentity.sha256(id.value()));
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
        return horizon;
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
                stats, appender.stats(), keys.stats(), appender.queued(), OptionalLong.empty(), OptionalLong.empty());
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

    private void add(List<Event> batch) {
        int counted = 0;
        boolean added = false;
        try {
            for (Event event : batch) {
                positions.add(event);
                byTopic.add(event);
                events.put(event.position(), event);
                addToTotals(event);
                counted++;
            }
            added = true;
        } finally {
            if (!added) {
                rollBack(batch, counted);
            }
        }
    }

    private void addToTotals(Event event) {
        long bytes = event.size();
        long cost = event.heapBytes();
        kept++;
        keptBytes += bytes;
        keptHeapBytes += cost;
    }

    private void removeFromTotals(Event event) {
        kept--;
        keptBytes -= event.size();
        keptHeapBytes -= event.heapBytes();
    }

    /** Rolls back a failed batch, whose positions are reused. Events first, so that readers find none of them. */
    private void rollBack(List<Event> batch, int counted) {
        for (Event event : batch) {
            events.remove(event.position());
        }
        for (int i = 0; i < counted; i++) {
            removeFromTotals(batch.get(i));
        }
        for (Event event : batch) {
            positions.remove(event);
            byTopic.remove(event);
        }
    }

    private void trim() {
        Instant oldest = retention.maxAge().map(clock.instant()::minus).orElse(Instant.MIN);
        while (kept > 1
                && (exceedsLimits()
                        || events.firstEntry().getValue().acceptedAt().isBefore(oldest))) {
            remove(events.firstEntry().getValue());
        }
        Optional<Instant> first = Optional.ofNullable(events.firstEntry())
                .map(Map.Entry::getValue)
                .map(Event::acceptedAt);
        stats = new LogStats.Kept(kept, keptBytes, heapBytes(), first);
    }

    private boolean exceedsLimits() {
        return kept > retention.maxEvents() || keptBytes > retention.maxBytes() || heapBytes() > maxHeap;
    }

    private long heapBytes() {
        return keptHeapBytes + byTopic.heapBytes() + keys.heapBytes();
    }

    private void remove(Event event) {
        // Before the removal: see page().
        horizon = event.position();
        events.remove(event.position());
        if (event.isPurged()) {
            purged.remove(event);
        } else {
            positions.remove(event);
            byTopic.remove(event);
        }
        removeFromTotals(event);
    }

    /** Replaces the event by a placeholder, which retention removes at its time. */
    private void purge(Event event) {
        EventId id = placeholder(event.id());
        Event placeholder = Event.purged(event.position(), id, event.acceptedAt(), event.isPrivate());
        if (!event.isPrivate()) {
            // Before the event is replaced, so that each lookup finds one of them.
            purged.add(placeholder);
        }
        events.put(event.position(), placeholder);
        positions.remove(event);
        byTopic.remove(event);
        removeFromTotals(event);
        addToTotals(placeholder);
    }

    /** A purge, in steps. Belongs to the appender's thread. */
    private final class Purging implements LogTask<Purged> {
        private final Purge purge;
        private long through = -1;
        private long reached;
        private long count;

        Purging(Purge purge) {
            this.purge = purge;
        }

        @Override
        public Optional<Purged> step() {
            through = through < 0 ? recent.head() : through;
            int considered = 0;
            for (Event event : events.subMap(reached, false, through, true).values()) {
                if (considered++ == PURGED_A_STEP) {
                    return Optional.empty();
                }
                if (!event.isPurged() && purge.includes(event)) {
                    purge(event);
                    count++;
                }
                reached = event.position();
            }
            recent.remove(event -> event.position() <= through && purge.includes(event));
            trim();
            return Optional.of(new Purged(count, true));
        }
    }

    /** Storage port of this log. Belongs to the appender's thread. */
    final class Store implements BatchStore {
        @Override
        public void store(List<Event> batch, List<StoredKey> batchKeys) {
            keys.add(batchKeys);
            boolean added = false;
            try {
                add(batch);
                added = true;
            } finally {
                if (!added) {
                    keys.remove(batchKeys);
                }
            }
            try {
                trim();
            } catch (RuntimeException | Error e) {
                // The batch is stored and must be acknowledged. The next batch trims again.
                LOG.error("The memory log could not be trimmed.", e);
            }
        }

        @Override
        public Optional<StoredKey> findKey(Fingerprint name) {
            return keys.find(name);
        }

        @Override
        public boolean hasRoomForKey(Fingerprint name, int others, int ofPublisher) {
            return keys.hasRoom(name, others, ofPublisher);
        }

        @Override
        public Duration untilRoomForKeys() {
            return keys.untilRoom();
        }

        @Override
        public boolean maintain() {
            keys.trim();
            trim();
            return false;
        }
    }
}
