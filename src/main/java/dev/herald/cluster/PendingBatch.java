package dev.herald.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.herald.cluster.SharedSession.Reply;
import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Fingerprint;
import dev.herald.event.IdempotencyKey;
import dev.herald.event.Receipt;
import dev.herald.event.Update;
import dev.herald.log.EventLogException;
import dev.herald.log.KeyReusedException;
import dev.herald.log.KeysFullException;
import dev.herald.log.UnknownOutcomeException;
import dev.herald.log.local.QueuedBatch;
import dev.herald.log.local.QueuedBatch.Appended;
import dev.herald.log.local.StoredKey;
import dev.herald.log.local.TimeOrderedIds;

/**
 * Batch of this node that is under way: sent to the shared log, or not yet read back. It is acknowledged when both the
 * reply and, up to {@link Reply#through()}, the mirror are there. Guarded by {@link PendingBatches}.
 */
final class PendingBatch {
    private final UUID token = UUID.randomUUID();
    private final List<Part> parts = new ArrayList<>();
    private final List<SharedBatch.Entry> entries = new ArrayList<>();
    private final Map<Fingerprint, Part> byKey = new HashMap<>();

    private Reply reply;
    private List<Event> events = List.of();
    private boolean reported;

    /**
     * Adds the updates of a publisher.
     *
     * @param key new key, if the batch has one
     */
    void add(QueuedBatch queued, Optional<StoredKey> key) {
        Part same = key.map(own -> byKey.get(own.key().name())).orElse(null);
        if (same != null) {
            parts.add(new Part(queued, key, same, same.entry, List.of()));
            return;
        }
        SharedBatch.Updates updates = updates(queued, key);
        Part part = new Part(queued, key, null, entries.size(), updates.ids());
        parts.add(part);
        key.ifPresent(own -> byKey.put(own.key().name(), part));
        entries.add(updates);
    }

    private static SharedBatch.Updates updates(QueuedBatch queued, Optional<StoredKey> key) {
        List<Update> updates = queued.batch().updates();
        List<Optional<EventId>> ids = new ArrayList<>(updates.size());
        if (key.isPresent()) {
            key.get().ids(updates).forEach(id -> ids.add(Optional.of(id)));
        } else {
            for (Update update : updates) {
                ids.add(update.id().or(() -> queued.kept() ? Optional.of(TimeOrderedIds.next()) : Optional.empty()));
            }
        }
        return new SharedBatch.Updates(updates, ids, !queued.kept(), key);
    }

    UUID token() {
        return token;
    }

    SharedBatch toSend() {
        return new SharedBatch(token, entries);
    }

    List<QueuedBatch> queued() {
        return parts.stream().map(Part::queued).toList();
    }

    void replied(Reply its) {
        reply = its;
    }

    /** Its events, as they were read back. */
    void read(List<Event> own) {
        events = own;
    }

    /** Reports to the listeners that their events are as durable as configured, before readers can find them. */
    void reportStored(long last) {
        if (reported) {
            return;
        }
        reported = true;
        for (Part part : parts) {
            try {
                part.queued.listener().stored(last);
            } catch (RuntimeException | Error e) {
                // The batch is stored: only a trace is lost.
            }
        }
    }

    /** Whether it can be acknowledged once the mirror has reached a position. */
    boolean ready(long mirrored) {
        return reply != null && reply.through() <= mirrored;
    }

    /** Completes the publishers' stages. */
    void complete(Listener listener) {
        int next = 0;
        for (Part part : parts) {
            Outcome outcome = reply.outcomes().get(part.entry);
            List<Event> appended = List.of();
            if (part.same == null && outcome instanceof Outcome.Appended) {
                // Without its events, retention has removed the batch before this node could read it.
                int end = Math.min(next + part.queued.size(), events.size());
                appended = List.copyOf(events.subList(next, end));
                next = end;
            }
            try {
                part.complete(outcome, appended, listener);
            } catch (RuntimeException | Error e) {
                // A publisher's own step failed, for lack of memory: the others must learn that theirs are stored.
            }
        }
    }

    /** Fails the publishers' stages. */
    void fail(EventLogException reason) {
        parts.forEach(part -> part.queued.result().completeExceptionally(reason));
    }

    /** Listener for what was acknowledged. */
    interface Listener {
        /** Events were appended and acknowledged. */
        void appended(List<Event> events, boolean isTransient);

        /** A batch was acknowledged that had been appended before. */
        void repeated();
    }

    /**
     * Updates of one publisher.
     *
     * @param same an earlier part with the same key
     * @param entry index of the outcome
     * @param sent ids of its events, as far as they have one before they are read back
     */
    private record Part(
            QueuedBatch queued, Optional<StoredKey> key, Part same, int entry, List<Optional<EventId>> sent) {

        void complete(Outcome outcome, List<Event> events, Listener listener) {
            if (outcome instanceof Outcome.KeysFull full) {
                queued.result().completeExceptionally(new KeysFullException(full.untilRoom()));
            } else if (outcome instanceof Outcome.Repeated repeated) {
                repeat(repeated.key(), listener);
            } else if (same != null) {
                repeat(same.key.orElseThrow(), listener);
            } else if (events.size() < queued.size()) {
                queued.result()
                        .completeExceptionally(new UnknownOutcomeException(
                                "The update was stored, but retention removed it before this node could read it."));
            } else {
                // Not those of the events: one that was purged meanwhile has lost its id.
                List<EventId> ids = IntStream.range(0, queued.size())
                        .mapToObj(i -> sent.get(i).orElseGet(() -> events.get(i).id()))
                        .toList();
                listener.appended(events, !queued.kept());
                queued.result().complete(new Appended(events, new Receipt(ids, false)));
            }
        }

        private void repeat(StoredKey earlier, Listener listener) {
            IdempotencyKey own = key.orElseThrow().key();
            if (!earlier.key().content().equals(own.content())) {
                queued.result().completeExceptionally(new KeyReusedException());
                return;
            }
            listener.repeated();
            List<EventId> ids = earlier.ids(queued.batch().updates());
            queued.result().complete(new Appended(List.of(), new Receipt(ids, true)));
        }
    }

    /** Failure of what was appended, perhaps, and cannot be acknowledged, since this node does not read it back. */
    static UnknownOutcomeException notReadBack() {
        return new UnknownOutcomeException("This node has not read back what it appended: it may be stored or not.");
    }
}
