package dev.herald.limit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Numbers of what clients have open, by client. Keeps a count for each client with at least one, so its size is bounded
 * by their sum. Thread-safe; each call costs O(1).
 */
final class ClientCounts {
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    /** Counts one more of this client, unless it has as many as the limit. Returns whether it was counted. */
    boolean enter(String client, int limit) {
        boolean[] entered = new boolean[1];
        counts.compute(client, (key, count) -> {
            int before = count == null ? 0 : count;
            entered[0] = before < limit;
            return entered[0] ? Integer.valueOf(before + 1) : count;
        });
        return entered[0];
    }

    /** Counts one less of this client. */
    void leave(String client) {
        counts.computeIfPresent(client, (key, count) -> count == 1 ? null : count - 1);
    }

    /** Number of clients. */
    int clients() {
        return counts.size();
    }
}
