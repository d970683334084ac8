package dev.herald.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.herald.log.EventLogException;

/**
 * Readers who wait until this node has all that the shared log has. They are satisfied when it has what the shared log
 * had after they asked. Thread-safe.
 */
final class CatchUps {
    private List<CompletableFuture<Boolean>> waiting = new ArrayList<>();

    synchronized CompletionStage<Boolean> add() {
        CompletableFuture<Boolean> reader = new CompletableFuture<>();
        waiting.add(reader);
        return reader;
    }

    /** Those who wait now. */
    synchronized Ticket ticket() {
        return new Ticket(waiting.size());
    }

    void failAll(EventLogException reason) {
        take(Integer.MAX_VALUE).forEach(reader -> reader.completeExceptionally(reason));
    }

    private synchronized List<CompletableFuture<Boolean>> take(int count) {
        int taken = Math.min(count, waiting.size());
        List<CompletableFuture<Boolean>> first = List.copyOf(waiting.subList(0, taken));
        waiting = new ArrayList<>(waiting.subList(taken, waiting.size()));
        return first;
    }

    /** The readers who waited at one moment. Used by the thread that completes them. */
    final class Ticket {
        private final int count;

        private Ticket(int count) {
            this.count = count;
        }

        boolean isEmpty() {
            return count == 0;
        }

        void complete() {
            take(count).forEach(reader -> reader.complete(true));
        }
    }
}
