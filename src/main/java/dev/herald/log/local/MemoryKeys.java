package dev.herald.log.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.herald.event.Fingerprint;
import dev.herald.log.LogStats;
import dev.herald.log.Retention;

/** Idempotency keys of a memory log, oldest first. Used by the appender's thread only, except for {@link #stats()}. */
final class MemoryKeys {
    /** Heap of one key: itself, its fingerprints, and its entry of the table. */
    private static final long BYTES_A_KEY = 300;

    /** Share of the log's heap that the keys may take: one part in this many. */
    private static final long SHARE = 8;

    private final Map<Fingerprint, StoredKey> keys = new LinkedHashMap<>();
    private final KeyQuota quota = new KeyQuota();
    private final Retention.Keys limits;
    private final long maxCount;
    private final Clock clock;
    private volatile LogStats.Keys stats;

    /** @param maxHeap maximum heap bytes of the log, of which the keys may take a part */
    MemoryKeys(Retention.Keys limits, long maxHeap, Clock clock) {
        this.limits = limits;
        this.maxCount = Math.max(1, Math.min(limits.maxCount(), maxHeap / SHARE / BYTES_A_KEY));
        this.clock = clock;
        this.stats = new LogStats.Keys(0, maxCount);
    }

    /** {@link BatchStore#findKey}. */
    Optional<StoredKey> find(Fingerprint name) {
        Instant now = clock.instant();
        return Optional.ofNullable(keys.get(name)).filter(key -> !limits.expired(key.acceptedAt(), now));
    }

    /** {@link BatchStore#hasRoomForKey}. */
    boolean hasRoom(Fingerprint name, int others, int ofPublisher) {
        trim();
        long free = maxCount - keys.size() - others;
        return free > 0 && quota.admits(name, free, ofPublisher);
    }

    /** {@link BatchStore#untilRoomForKeys}. */
    Duration untilRoom() {
        Instant now = clock.instant();
        return keys.values().stream()
                .findFirst()
                .map(oldest -> limits.untilExpiry(oldest.acceptedAt(), now))
                .orElse(Duration.ZERO);
    }

    /** Adds keys, all or none. */
    void add(List<StoredKey> added) {
        boolean complete = false;
        try {
            for (StoredKey key : added) {
                // An expired key moves to the end.
                if (keys.remove(key.key().name()) == null) {
                    quota.add(key.publisher(), 1);
                }
                keys.put(key.key().name(), key);
            }
            complete = true;
        } finally {
            if (!complete) {
                remove(added);
            }
        }
        publishStats();
    }

    /** Removes keys whose events were not stored. */
    void remove(List<StoredKey> added) {
        for (StoredKey key : added) {
            if (keys.remove(key.key().name(), key)) {
                quota.add(key.publisher(), -1);
            }
        }
    }

    /** Removes expired keys. Costs O(their number). */
    void trim() {
        Instant now = clock.instant();
        Iterator<StoredKey> oldestFirst = keys.values().iterator();
        boolean more = oldestFirst.hasNext();
        while (more) {
            StoredKey oldest = oldestFirst.next();
            more = limits.expired(oldest.acceptedAt(), now);
            if (more) {
                oldestFirst.remove();
                quota.add(oldest.publisher(), -1);
                more = oldestFirst.hasNext();
            }
        }
        publishStats();
    }

    private void publishStats() {
        if (stats.count() != keys.size()) {
            stats = new LogStats.Keys(keys.size(), maxCount);
        }
    }

    /** Estimated heap bytes. */
    long heapBytes() {
        return keys.size() * BYTES_A_KEY;
    }

    /** The kept keys. Thread-safe. */
    LogStats.Keys stats() {
        return stats;
    }
}
