package dev.herald.cluster;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

import dev.herald.cluster.SharedSession.Reply;
import dev.herald.event.Event;
import dev.herald.log.EventLogException;

/**
 * Batches of this node that are under way, in the order in which they were sent. The appender adds them and their
 * replies; the follower adds what it reads back. Whoever adds the last part acknowledges. Thread-safe.
 */
final class PendingBatches {
    private final Map<UUID, PendingBatch> byToken = new LinkedHashMap<>();
    private final PendingBatch.Listener listener;
    private final Consumer<PendingBatch> released;
    private long mirrored;

    /**
     * @param mirrored position that the mirror has reached
     * @param released called for each batch that has ended
     */
    PendingBatches(long mirrored, PendingBatch.Listener listener, Consumer<PendingBatch> released) {
        this.mirrored = mirrored;
        this.listener = listener;
        this.released = released;
    }

    /** Adds a batch before it is sent. */
    synchronized void add(PendingBatch batch) {
        byToken.put(batch.token(), batch);
    }

    /** Removes a batch, and fails it. Returns false, and does nothing, if it is not under way. */
    boolean reject(PendingBatch batch, EventLogException reason) {
        synchronized (this) {
            if (byToken.remove(batch.token()) == null) {
                return false;
            }
        }
        end(batch, () -> batch.fail(reason));
        return true;
    }

    /** The shared log has replied. */
    void replied(PendingBatch batch, Reply reply) {
        synchronized (this) {
            batch.replied(reply);
        }
        completeReady();
    }

    /** A batch was read back, before anyone on this node can read it. */
    void read(UUID token, long last, List<Event> events) {
        PendingBatch own;
        synchronized (this) {
            own = byToken.get(token);
            if (own != null) {
                own.read(events);
            }
        }
        if (own != null && !events.isEmpty()) {
            own.reportStored(last);
        }
    }

    /** The mirror has all up to a position, inclusive. */
    void mirrored(long position) {
        synchronized (this) {
            mirrored = position;
        }
        completeReady();
    }

    private void completeReady() {
        List<PendingBatch> ready = new ArrayList<>();
        synchronized (this) {
            Iterator<PendingBatch> left = byToken.values().iterator();
            while (left.hasNext()) {
                PendingBatch next = left.next();
                if (next.ready(mirrored)) {
                    left.remove();
                    ready.add(next);
                }
            }
        }
        for (PendingBatch batch : ready) {
            end(batch, () -> batch.complete(listener));
        }
    }

    private void end(PendingBatch batch, Runnable completion) {
        try {
            completion.run();
        } finally {
            released.accept(batch);
        }
    }

    /** Whether none is under way. */
    synchronized boolean isEmpty() {
        return byToken.isEmpty();
    }

    /** Fails all, whether or not they are in the shared log. */
    void failAll(EventLogException reason) {
        List<PendingBatch> all;
        synchronized (this) {
            all = List.copyOf(byToken.values());
            byToken.clear();
        }
        all.forEach(batch -> end(batch, () -> batch.fail(reason)));
    }
}
