package dev.herald.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.herald.log.LogClosedException;
import dev.herald.log.LogFullException;

/** Bounded queue of orders to all nodes, which wait for the shared log. Thread-safe. */
final class OrderQueue {
    private static final int MAX = 64;

    private final List<Entry> waiting = new ArrayList<>();
    private boolean closed;

    /**
     * Order that waits.
     *
     * @param position completed by the thread that sends
     */
    record Entry(UUID token, Control control, CompletableFuture<Long> position) {}

    /** Adds an order. Completes with its position in the shared log. */
    synchronized CompletionStage<Long> add(UUID token, Control control) {
        if (closed) {
            return CompletableFuture.failedStage(new LogClosedException());
        }
        if (waiting.size() >= MAX) {
            return CompletableFuture.failedStage(new LogFullException());
        }
        Entry entry = new Entry(token, control, new CompletableFuture<>());
        waiting.add(entry);
        return entry.position;
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    synchronized Optional<Entry> next() {
        return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting.remove(0));
    }

    /** Fails those that wait, and rejects further ones. */
    void close() {
        List<Entry> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(waiting);
            waiting.clear();
        }
        left.forEach(entry -> entry.position.completeExceptionally(new LogClosedException()));
    }
}
