package dev.herald.limit;

import java.time.Duration;
import java.util.List;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * Bounded table of the buckets of clients, one for each policy. A client that was idle until its buckets are full again
 * is evicted. In a full table, the client that was seen least often is evicted: its next request finds full buckets.
 * Thread-safe; a look-up costs O(1).
 */
@RegisterForReflection(
        classNames = {
            // Caffeine loads these by names that it derives from the settings below; Quarkus registers others.
            "com.github.benmanes.caffeine.cache.SSMSA",
            "com.github.benmanes.caffeine.cache.PSAMS"
        })
final class BucketTable {
    /** Upper bound of the heap bytes of a client with one bucket: its key, its entry in the table, its bucket. */
    private static final int CLIENT_BYTES = 800;

    private static final int BUCKET_BYTES = 400;

    private final List<RatePolicy> policies;
    private final TimeMeter time;
    private final Cache<String, List<Bucket>> clients;
    private final long maxClients;

    /**
     * @param policies one or more
     * @param maxBytes maximum heap of the table, by estimate
     */
    BucketTable(List<RatePolicy> policies, long maxBytes, Ticker ticker) {
        this.policies = policies;
        this.time = new Nanoseconds(ticker);
        this.maxClients = Math.max(1, maxBytes / (CLIENT_BYTES + (long) BUCKET_BYTES * (policies.size() - 1)));
        this.clients = Caffeine.newBuilder()
                .maximumSize(maxClients)
                .expireAfterAccess(policies.stream()
                        .map(RatePolicy::window)
                        .max(Duration::compareTo)
                        .orElseThrow())
                .ticker(ticker)
                // Evicts on the calling thread, some entries at a time.
                .executor(Runnable::run)
                .build();
    }

    /** Quotas of a client, in the order of the policies. */
    List<Quota> of(String client) {
        List<Bucket> buckets = clients.get(client, missing -> create());
        return policies.size() == 1
                ? List.of(new Quota(policies.get(0), buckets.get(0)))
                : List.of(new Quota(policies.get(0), buckets.get(0)), new Quota(policies.get(1), buckets.get(1)));
    }

    private List<Bucket> create() {
        return policies.stream().map(policy -> policy.bucket(time)).toList();
    }

    /** Number of clients in the table. Evicts those that are due, on the calling thread. */
    long size() {
        clients.cleanUp();
        return clients.estimatedSize();
    }

    /** Maximum of {@link #size()}. */
    long maxSize() {
        return maxClients;
    }

    /** Time of the buckets, the same as that of the table. */
    private record Nanoseconds(Ticker ticker) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return ticker.read();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
