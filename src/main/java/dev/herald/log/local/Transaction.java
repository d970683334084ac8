package dev.herald.log.local;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Fingerprint;
import dev.herald.event.IdempotencyKey;
import dev.herald.event.Receipt;
import dev.herald.event.Update;
import dev.herald.log.Cursors;
import dev.herald.log.EventLogException;
import dev.herald.log.KeyReusedException;
import dev.herald.log.KeysFullException;
import dev.herald.log.RecentEvents;
import dev.herald.log.local.QueuedBatch.Appended;

/**
 * Group of batches that become one transaction of the store: gives their updates positions and ids, and finds the
 * batches whose key was used before. Used once, by the appender's thread.
 *
 * <p>All that {@link #complete} needs is allocated before the transaction is stored: then it must be acknowledged, so
 * nothing may fail for lack of memory.
 */
final class Transaction {
    private final BatchStore store;
    private final Cursors cursors;
    private final SecureRandom random;
    private final GeneratedIds newIds;
    private final Instant now;

    private final List<Event> events = new ArrayList<>();
    private final List<Event> kept = new ArrayList<>();
    private final Map<Fingerprint, StoredKey> keys = new HashMap<>();
    private final List<StoredKey> keysInOrder = new ArrayList<>();
    /** Number of keys of each publisher. */
    private final Map<Long, Integer> publishers = new HashMap<>();

    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<Outcome> settled = new ArrayList<>();
    private long position;
    private long newestKept;
    private int repeated;

    /**
     * @param recent events before the transaction
     * @param random seeds of the ids of batches with a key
     * @param newIds ids of other kept events whose publisher has given none
     */
    Transaction(
            BatchStore store,
            RecentEvents recent,
            Cursors cursors,
            SecureRandom random,
            GeneratedIds newIds,
            Instant now) {
        this.store = store;
        this.cursors = cursors;
        this.random = random;
        this.newIds = newIds;
        this.now = now;
        this.position = recent.head();
        this.newestKept = recent.newestKept();
    }

    /** Adds a batch. */
    void add(QueuedBatch entry) {
        Optional<IdempotencyKey> key = entry.batch().key();
        if (key.isEmpty()) {
            append(entry);
        } else {
            addOnce(entry, key.get());
        }
    }

    private void addOnce(QueuedBatch entry, IdempotencyKey key) {
        StoredKey earlier = keys.get(key.name());
        if (earlier != null) {
            outcomes.add(repeat(entry, key, earlier));
            return;
        }
        Optional<StoredKey> stored;
        try {
            stored = store.findKey(key.name());
        } catch (EventLogException e) {
            settled.add(Outcome.failed(entry, e));
            return;
        }
        if (stored.isPresent()) {
            settled.add(repeat(entry, key, stored.get()));
        } else if (!store.hasRoomForKey(
                key.name(), keys.size(), publishers.getOrDefault(key.name().high(), 0))) {
            settled.add(Outcome.failed(entry, new KeysFullException(store.untilRoomForKeys())));
        } else {
            StoredKey added =
                    new StoredKey(key, position + 1, now, new Fingerprint(random.nextLong(), random.nextLong()));
            keys.put(key.name(), added);
            keysInOrder.add(added);
            publishers.merge(key.name().high(), 1, Integer::sum);
            append(entry, added.ids(entry.batch().updates()));
        }
    }

    private Outcome repeat(QueuedBatch entry, IdempotencyKey key, StoredKey earlier) {
        if (!earlier.key().content().equals(key.content())) {
            return Outcome.failed(entry, new KeyReusedException());
        }
        repeated++;
        Receipt receipt = new Receipt(earlier.ids(entry.batch().updates()), true);
        return Outcome.done(entry, new Appended(List.of(), receipt));
    }

    private void append(QueuedBatch entry) {
        List<EventId> ids = new ArrayList<>(entry.size());
        long next = position;
        for (Update update : entry.batch().updates()) {
            next++;
            ids.add(id(update, entry.kept(), next));
        }
        append(entry, ids);
    }

    private EventId id(Update update, boolean isKept, long at) {
        return update.id()
                .or(() -> isKept ? Optional.empty() : cursors.transientId(at, newestKept, now))
                .orElseGet(newIds);
    }

    private void append(QueuedBatch entry, List<EventId> ids) {
        List<Event> own = new ArrayList<>(entry.size());
        for (Update update : entry.batch().updates()) {
            position++;
            own.add(Event.of(position, ids.get(own.size()), now, !entry.kept(), update));
        }
        events.addAll(own);
        if (entry.kept()) {
            kept.addAll(own);
            newestKept = position;
        }
        outcomes.add(Outcome.done(entry, new Appended(own, new Receipt(ids, false))));
    }

    /** All events, in order, transient ones included. */
    List<Event> events() {
        return events;
    }

    /** The events to store, in order. */
    List<Event> kept() {
        return kept;
    }

    /** The keys to store, in order. */
    List<StoredKey> keys() {
        return keysInOrder;
    }

    /** Position of the newest event. */
    long head() {
        return position;
    }

    /** Number of batches that were appended before. */
    int repeated() {
        return repeated;
    }

    /** Completes the batches whose outcome does not depend on this transaction. */
    void completeSettled() {
        settled.forEach(Outcome::complete);
    }

    /** Reports to the listeners of the batches that their events are stored, before readers can find them. */
    void reportStored() {
        for (Outcome outcome : outcomes) {
            try {
                outcome.reportStored();
            } catch (Throwable e) {
                // Even the call may fail for lack of memory. The batch is stored: only a trace is lost.
            }
        }
    }

    /** Completes the other batches, once their events are stored and can be read. */
    void complete() {
        for (Outcome outcome : outcomes) {
            try {
                outcome.complete();
            } catch (Throwable e) {
                // A publisher's own step failed, for lack of memory: the others must learn that theirs are stored.
            }
        }
    }

    /**
     * How a batch is completed.
     *
     * @param failure null if it succeeds
     */
    private record Outcome(QueuedBatch entry, Appended appended, EventLogException failure) {
        static Outcome done(QueuedBatch entry, Appended appended) {
            return new Outcome(entry, appended, null);
        }

        static Outcome failed(QueuedBatch entry, EventLogException failure) {
            return new Outcome(entry, null, failure);
        }

        void reportStored() {
            if (failure == null && !appended.events().isEmpty()) {
                entry.listener().stored(appended.events().get(entry.size() - 1).position());
            }
        }

        void complete() {
            if (failure == null) {
                entry.result().complete(appended);
            } else {
                entry.result().completeExceptionally(failure);
            }
        }
    }
}
