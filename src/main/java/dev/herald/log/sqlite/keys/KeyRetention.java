package dev.herald.log.sqlite.keys;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

import dev.herald.event.Fingerprint;
import dev.herald.log.LogStats;
import dev.herald.log.Retention;
import dev.herald.log.local.KeyQuota;
import dev.herald.log.local.StoredKey;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.log.sqlite.keys.KeyTable.Age;

/**
 * Idempotency keys that the file log keeps, within their limits. Used by the appender's thread only, except for
 * {@link #stats()}, and within its transactions: a change takes effect at {@link #committed()}.
 *
 * <p>Once the table is found damaged, each search fails until the file is rescued: without a key, updates can still be
 * published.
 */
public final class KeyRetention {
    private final KeyTable table;
    private final Retention.Keys limits;
    private final Clock clock;
    private final DamageReport damage;
    private final KeyQuota quota = new KeyQuota();

    /** Changes of the transaction to the counts of publishers. */
    private final List<Change> changes = new ArrayList<>();

    private boolean damaged;
    private State next;
    private volatile State state;

    /** Counts the keys. */
    public KeyRetention(Connection connection, Retention.Keys limits, Clock clock, DamageReport damage)
            throws SQLException {
        this.table = new KeyTable(connection);
        this.limits = limits;
        this.clock = clock;
        this.damage = damage;
        this.state = read();
        this.next = state;
    }

    private State read() throws SQLException {
        quota.clear();
        changes.clear();
        try {
            LongAdder count = new LongAdder();
            table.count((publisher, keys) -> {
                quota.add(publisher, keys);
                count.add(keys);
            });
            return new State(count.sum(), table.ages(0, 1).stream().findFirst());
        } catch (SQLException e) {
            suspendAfter(e);
            return State.EMPTY;
        }
    }

    private void suspendAfter(SQLException e) throws SQLException {
        damage.reportOrRethrow(e);
        damaged = true;
    }

    /**
     * The key of this name, unless it has expired.
     *
     * @throws SQLException as damage, if the table is damaged
     */
    public Optional<StoredKey> find(Fingerprint name) throws SQLException {
        if (damaged) {
            throw Sql.damage("the idempotency keys are damaged");
        }
        if (state.count == 0) {
            return Optional.empty();
        }
        try {
            return table.find(name).filter(key -> !limits.expired(key.acceptedAt(), clock.instant()));
        } catch (SQLException e) {
            suspendAfter(e);
            throw e;
        }
    }

    /**
     * Whether a key can be added ({@link dev.herald.log.local.BatchStore#hasRoomForKey}). Expired keys count until they
     * are removed.
     */
    public boolean hasRoom(Fingerprint name, int others, int ofPublisher) {
        long free = limits.maxCount() - state.count - others;
        return free > 0 && quota.admits(name, free, ofPublisher);
    }

    /** Time until the oldest key expires; 0 if it has, or if there is none. */
    public Duration untilRoom() {
        return state.oldest
                .map(age -> limits.untilExpiry(age.acceptedAt(), clock.instant()))
                .orElse(Duration.ZERO);
    }

    /** Whether keys have expired. */
    public boolean exceedsLimits() {
        return !damaged && expired(state.oldest);
    }

    private boolean expired(Optional<Age> oldest) {
        return oldest.filter(age -> limits.expired(age.acceptedAt(), clock.instant()))
                .isPresent();
    }

    /** Loads the classes that adding keys needs, so that the first one needs no file (decision 130). */
    public void prepare() throws SQLException {
        add(List.of());
        count(0, 0);
    }

    /** Adds keys, after those that are kept. */
    public void add(List<StoredKey> keys) throws SQLException {
        long count = next.count;
        try {
            for (StoredKey key : keys) {
                if (!table.add(key)) {
                    count++;
                    count(key.publisher(), 1);
                }
            }
        } catch (SQLException e) {
            suspendAfter(e);
            throw e;
        }
        Optional<Age> first =
                keys.stream().findFirst().map(key -> new Age(key.position(), key.acceptedAt(), key.publisher()));
        next = new State(count, next.oldest.or(() -> first));
    }

    /** Removes expired keys, oldest first, and at most so many. Costs O(limit). */
    public void trim(int limit) throws SQLException {
        if (damaged || !expired(next.oldest)) {
            return;
        }
        try {
            next = trimmed(limit);
        } catch (SQLException e) {
            suspendAfter(e);
        }
    }

    private State trimmed(int limit) throws SQLException {
        List<Age> ages = table.ages(next.oldest.get().position(), limit + 1);
        Instant now = clock.instant();
        int removed = 0;
        while (removed < Math.min(limit, ages.size())
                && limits.expired(ages.get(removed).acceptedAt(), now)) {
            removed++;
        }
        Optional<Age> stays = ages.stream().skip(removed).findFirst();
        table.removeBefore(stays.map(Age::position).orElse(Long.MAX_VALUE));
        ages.stream().limit(removed).forEach(age -> count(age.publisher(), -1));
        return new State(stays.isEmpty() ? 0 : next.count - removed, stays);
    }

    /** Removes the keys of events after the newest acknowledged one, and recounts. Damage only stops keys. */
    public void removeAfter(long head) throws SQLException {
        if (!damaged) {
            try {
                table.removeAfter(head);
            } catch (SQLException e) {
                suspendAfter(e);
            }
        }
        state = read();
        next = state;
    }

    /** Call after the commit: the changes take effect. */
    public void committed() {
        state = next;
        changes.clear();
    }

    /** Call after a rollback: discards the changes. */
    public void rolledBack() {
        next = state;
        changes.forEach(change -> quota.add(change.publisher, -change.count));
        changes.clear();
    }

    /** Counts keys of a publisher, unless the transaction is rolled back. */
    private void count(long publisher, int change) {
        changes.add(new Change(publisher, change));
        quota.add(publisher, change);
    }

    /** The kept keys. Thread-safe. */
    public LogStats.Keys stats() {
        return new LogStats.Keys(state.count, limits.maxCount());
    }

    /** Receiver of reports of damage. */
    @FunctionalInterface
    public interface DamageReport {
        /**
         * Reports the failure if the file is damaged.
         *
         * @throws SQLException the failure, if it has another reason
         */
        void reportOrRethrow(SQLException failure) throws SQLException;
    }

    /** Number of keys of one publisher that were added, or removed if it is negative. */
    private record Change(long publisher, int count) {}

    /**
     * Cached facts about the table.
     *
     * @param oldest age of the oldest key
     */
    private record State(long count, Optional<Age> oldest) {
        static final State EMPTY = new State(0, Optional.empty());
    }
}
