package dev.herald.cluster;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.log.EventLogException;
import dev.herald.log.sqlite.SqliteEventLog;

/**
 * Writer of the mirror: makes events of what was read from the shared log, stores them in the file log of this node, and
 * carries out orders in their place. Belongs to the follower's thread, except for {@link #position}.
 */
final class MirrorCopy {
    private static final Logger LOG = Logger.getLogger(MirrorCopy.class);

    private final SqliteEventLog mirror;
    private final PendingBatches pending;
    private final BiConsumer<UUID, Control> orders;
    private final List<Event> events = new ArrayList<>();
    private long newestKept;
    private volatile long position;

    /**
     * @param pending batches of this node, which are acknowledged when they are read back
     * @param orders carries out an order, named by its token, after all before it are stored; may block, and is repeated
     *     if it fails
     */
    MirrorCopy(SqliteEventLog mirror, PendingBatches pending, BiConsumer<UUID, Control> orders) {
        this.mirror = mirror;
        this.pending = pending;
        this.orders = orders;
        this.position = mirror.recent().head();
        this.newestKept = mirror.recent().newestKept();
    }

    /** Position up to which the mirror has the shared log. */
    long position() {
        return position;
    }

    /** Newest kept event in memory; empty if the mirror has none, or it was purged. */
    Optional<Event> newest() {
        return mirror.recent()
                .newest(event -> !event.isTransient())
                .filter(event -> event.position() == mirror.recent().newestKept());
    }

    /** Whether an event of the mirror is that of the shared log. What is left of a purged one is its time. */
    boolean isSame(Event own, SharedEvent other) {
        return switch (other.kind()) {
            case EVENT -> other.id().filter(own.id()::equals).isPresent();
            case PURGED -> true;
            case TRANSIENT, ORDER -> false;
        };
    }

    /** Copies batches that follow {@link #position}, the first perhaps in part. */
    void apply(List<AppendedBatch> batches) {
        try {
            for (AppendedBatch batch : batches) {
                add(batch);
            }
            store(batches.get(batches.size() - 1).last());
        } finally {
            // If a step has failed, the same is read again.
            events.clear();
            newestKept = mirror.recent().newestKept();
        }
    }

    private void add(AppendedBatch batch) {
        List<Event> own = new ArrayList<>(batch.events().size());
        for (SharedEvent shared : batch.events()) {
            if (shared.position() <= position) {
                continue;
            }
            if (shared.kind() == SharedEvent.Kind.ORDER) {
                // After what precedes it, and before its own position: if it fails, it is read again.
                store(shared.position() - 1);
                carryOut(shared, batch.token());
                store(shared.position());
            } else {
                Event event = event(shared, batch);
                own.add(event);
                events.add(event);
            }
        }
        pending.read(batch.token(), batch.last(), own);
    }

    private Event event(SharedEvent shared, AppendedBatch batch) {
        Instant acceptedAt = batch.acceptedAt().truncatedTo(ChronoUnit.MICROS);
        if (shared.kind() == SharedEvent.Kind.TRANSIENT) {
            return Event.passing(
                    shared.position(),
                    shared.id().orElseGet(() -> transientId(shared, batch.token(), acceptedAt)),
                    acceptedAt,
                    shared.topics(),
                    shared.isPrivate(),
                    shared.type(),
                    shared.retryMillis(),
                    shared.data());
        }
        newestKept = shared.position();
        return Event.kept(
                shared.position(),
                shared.id().orElseGet(() -> new EventId("purged:" + shared.position())),
                acceptedAt,
                shared.topics(),
                shared.isPrivate(),
                shared.type(),
                shared.retryMillis(),
                shared.data());
    }

    /** The same on all nodes. */
    private EventId transientId(SharedEvent shared, UUID token, Instant acceptedAt) {
        return mirror.cursors()
                .transientId(shared.position(), newestKept, acceptedAt)
                .orElseGet(() -> new EventId("urn:uuid:"
                        + UUID.nameUUIDFromBytes((token + "/" + shared.position()).getBytes(StandardCharsets.UTF_8))));
    }

    private void store(long through) {
        if (through > position) {
            await(mirror.copy(List.copyOf(events), through));
            events.clear();
            position = through;
            pending.mirrored(through);
        }
    }

    private void carryOut(SharedEvent order, UUID token) {
        String text = new String(order.data(), StandardCharsets.UTF_8);
        Optional<Control> control = Control.parse(text);
        if (control.isPresent()) {
            orders.accept(token, control.get());
        } else {
            LOG.warnf(
                    "An order to all nodes is unknown to this version, and was not carried out. position=%d",
                    order.position());
        }
    }

    /** Deletes what the mirror has, and continues after a position. */
    void restartAfter(long after) {
        await(mirror.restartAfter(after));
        position = after;
        newestKept = after;
        pending.mirrored(after);
    }

    private static void await(CompletionStage<Long> stored) {
        try {
            stored.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof EventLogException known ? known : new EventLogException("" + e, e);
        }
    }
}
