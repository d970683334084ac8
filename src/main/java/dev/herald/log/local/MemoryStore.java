package dev.herald.log.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.LongStream;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Fingerprint;
import dev.herald.identity.TokenIdentity;
import dev.herald.log.LogStats;
import dev.herald.log.Purge;
import dev.herald.log.Purged;
import dev.herald.log.RecentEvents;
import dev.herald.log.Retention;
import dev.herald.logging.SafeLogger;

/**
 * Events of a memory log and their indexes, within the retention limits. The appender's thread writes; any thread reads.
 */
final class MemoryStore implements BatchStore {
    private static final int PURGED_A_STEP = 10_000;
    private static final SafeLogger LOG = SafeLogger.of(MemoryStore.class);

    private final ConcurrentNavigableMap<Long, Event> events = new ConcurrentSkipListMap<>();
    private final PositionsById positions = new PositionsById();

    private final PositionsByTopic byTopic = new PositionsByTopic();

    /** Positions of the placeholders of purged public events, by the id of the placeholder. */
    private final PositionsById purged = new PositionsById();

    private final Retention retention;
    private final long maxHeap;
    private final RecentEvents recent;
    private final Clock clock;

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
     * @param recent purged events are removed from it, too
     */
    MemoryStore(Retention retention, long maxHeap, RecentEvents recent, Clock clock) {
        this.retention = retention;
        this.maxHeap = maxHeap;
        this.recent = recent;
        this.clock = clock;
        this.keys = new MemoryKeys(retention.keys(), maxHeap, clock);
    }

    /** {@link dev.herald.log.EventLog#horizon}. */
    long horizon() {
        return horizon;
    }

    /** The kept events. */
    LogStats.Kept kept() {
        return stats;
    }

    /** The idempotency keys. */
    LogStats.Keys keys() {
        return keys.stats();
    }

    /** The index of topics. */
    PositionsByTopic topics() {
        return byTopic;
    }

    /** The event at a position; null if there is none, or retention has removed it. */
    Event event(long position) {
        return events.get(position);
    }

    /** The events after a position, in order. Retention may remove some meanwhile. */
    Iterable<Event> after(long position) {
        return events.tailMap(position, false).values();
    }

    /** The events up to a position, inclusive, newest first. */
    Iterable<Event> before(long position) {
        return events.headMap(position, true).descendingMap().values();
    }

    /** Positions of the events that may have this id, ascending. */
    LongStream positions(EventId id) {
        return positions.of(id);
    }

    /** Position of the earliest purged public event that had this id. */
    OptionalLong purged(EventId id) {
        return purged.of(placeholder(id)).findFirst();
    }

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
        // Before the removal: a reader that misses an event must find that the horizon has passed it.
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

    /** Deletes events, in steps of the returned task. */
    LogTask<Purged> purge(Purge purge) {
        return new Purging(purge);
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

    /** Id of the placeholder of a purged event with this id. */
    private static EventId placeholder(EventId id) {
        return new EventId("purged:" + TokenIdentity.sha256(id.value()));
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
}
