package dev.herald.log.local;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Update;
import dev.herald.log.Cursors;
import dev.herald.log.EventLog;
import dev.herald.log.LogClosedException;
import dev.herald.log.Lookback;
import dev.herald.log.Page;
import dev.herald.log.RecentEvents;
import dev.herald.log.Retention;
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
    private static final SafeLogger LOG = SafeLogger.of(MemoryEventLog.class);

    private final ConcurrentNavigableMap<Long, Event> events = new ConcurrentSkipListMap<>();
    private final ConcurrentMap<EventId, List<Long>> positions = new ConcurrentHashMap<>();
    private final Retention retention;
    private final long maxHeap;
    private final Clock clock;
    private final RecentEvents recent;
    private final Cursors cursors;
    private final Appender appender;
    private final ExecutorService reader = thread("herald-memory-reader");
    private final ExecutorService expensiveReader = thread("herald-memory-expensive-reader");

    /** Owned by the appender's thread, like the next two. */
    private long kept;

    private long keptBytes;
    private long keptCost;
    private volatile long horizon;

    /**
     * @param retention retention limits
     * @param maxHeap maximum heap bytes of all kept events, estimated
     * @param recentBytes memory for {@link #recent()}, in bytes
     * @param maxWaiting maximum waiting updates
     * @param updates bytes for waiting updates
     */
    public MemoryEventLog(
            Retention retention, long maxHeap, long recentBytes, int maxWaiting, MemoryBudget updates, Clock clock) {
        this.retention = retention;
        this.maxHeap = maxHeap;
        this.clock = clock;
        this.recent = new RecentEvents(recentBytes);
        this.cursors = Cursors.ofNewLog(recent);
        this.appender = new Appender(new Ring(), recent, maxWaiting, updates, clock, cursors);
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
    public CompletionStage<Event> appendTransient(Update update) {
        return appender.appendTransient(update);
    }

    @Override
    public CompletionStage<Page> read(long after, List<TopicSelector> selectors, int maxBytes) {
        return answer(selectors, List.of(), () -> page(after, selectors, maxBytes));
    }

    /** Matches templates on another thread, expensive ones on a third, so that they delay only each other. */
    private <T> CompletionStage<T> answer(
            List<TopicSelector> selectors, List<TopicSelector> grants, Supplier<T> question) {
        if (byName(selectors) && byName(grants)) {
            return CompletableFuture.completedStage(question.get());
        }
        boolean expensive = TopicSelector.expensive(selectors) || TopicSelector.expensive(grants);
        try {
            return CompletableFuture.supplyAsync(question, expensive ? expensiveReader : reader);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedStage(new LogClosedException());
        }
    }

    private static boolean byName(List<TopicSelector> selectors) {
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
            if (filter.matches(event.topics(), budget)) {
                selected.add(event);
                bytes += Page.bytes(event);
            }
        }
        return new Page(begin, selected, through);
    }

    @Override
    public CompletionStage<Lookback> lookBack(
            long upTo, int count, List<TopicSelector> selectors, List<TopicSelector> grants) {
        return answer(selectors, grants, () -> seen(upTo, count, selectors, grants));
    }

    private Lookback seen(long upTo, int count, List<TopicSelector> selectors, List<TopicSelector> grants) {
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
            if (wanted.matches(event.topics(), budget) && granted.permits(event.isPrivate(), event.topics(), budget)) {
                found.add(from);
            }
        }
        return new Lookback(found, Lookback.BEGINNING);
    }

    @Override
    public CompletionStage<Optional<Event>> find(EventId id, List<TopicSelector> grants) {
        return answer(List.of(), grants, () -> found(id, grants));
    }

    private Optional<Event> found(EventId id, List<TopicSelector> grants) {
        TopicFilter granted = new TopicFilter(grants);
        MatchBudget budget = new MatchBudget(MatchBudget.PAGE_UNITS);
        return positions.getOrDefault(id, List.of()).stream()
                .limit(MAX_CONSIDERED)
                .map(events::get)
                // Retention may have removed it meanwhile.
                .takeWhile(event -> !budget.exhausted())
                .filter(event -> event != null
                        && event.id().equals(id)
                        && granted.permits(event.isPrivate(), event.topics(), budget))
                .findFirst();
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
                positions.merge(event.id(), List.of(event.position()), MemoryEventLog::concat);
                events.put(event.position(), event);
                count(event);
                counted++;
            }
            added = true;
        } finally {
            if (!added) {
                takeBack(batch, counted);
            }
        }
    }

    private void count(Event event) {
        long bytes = event.size();
        long cost = event.heapBytes();
        kept++;
        keptBytes += bytes;
        keptCost += cost;
    }

    private void uncount(Event event) {
        kept--;
        keptBytes -= event.size();
        keptCost -= event.heapBytes();
    }

    /** Rolls back a failed batch, whose positions are reused. Events first, so that readers find none of them. */
    private void takeBack(List<Event> batch, int counted) {
        for (Event event : batch) {
            events.remove(event.position());
        }
        for (int i = 0; i < counted; i++) {
            uncount(batch.get(i));
        }
        for (Event event : batch) {
            positions.computeIfPresent(event.id(), (id, at) -> without(event.position(), at));
        }
    }

    private static List<Long> without(long position, List<Long> at) {
        List<Long> left = at.stream().filter(other -> other != position).toList();
        return left.isEmpty() ? null : left;
    }

    private void trim() {
        Instant oldest = retention.maxAge().map(clock.instant()::minus).orElse(Instant.MIN);
        while (kept > 1
                && (exceeds() || events.firstEntry().getValue().acceptedAt().isBefore(oldest))) {
            remove(events.firstEntry().getValue());
        }
    }

    private boolean exceeds() {
        return kept > retention.maxEvents() || keptBytes > retention.maxBytes() || keptCost > maxHeap;
    }

    private void remove(Event event) {
        // Before the removal: see page().
        horizon = event.position();
        events.remove(event.position());
        positions.computeIfPresent(event.id(), (id, at) -> at.size() == 1 ? null : at.subList(1, at.size()));
        uncount(event);
    }

    private static List<Long> concat(List<Long> earlier, List<Long> later) {
        List<Long> all = new ArrayList<>(earlier);
        all.addAll(later);
        return List.copyOf(all);
    }

    /** Storage port of this log. Belongs to the appender's thread. */
    final class Ring implements BatchStore {
        @Override
        public void store(List<Event> batch) {
            add(batch);
            try {
                trim();
            } catch (RuntimeException | Error e) {
                // The batch is stored and must be acknowledged. The next batch trims again.
                LOG.error("The memory log could not be trimmed.", e);
            }
        }

        @Override
        public boolean maintain() {
            trim();
            return false;
        }
    }
}
