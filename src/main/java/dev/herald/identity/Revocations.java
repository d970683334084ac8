package dev.herald.identity;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import dev.herald.identity.Revocation.Kind;
import dev.herald.identity.Revocation.Target;

/**
 * Revocations in force on this node, in memory, as the log keeps them. Thread-safe; a lookup never blocks and costs O(1).
 * Bounded by number and by heap bytes.
 */
public final class Revocations {
    /** Most revocations, inclusive. */
    public static final int MAX = 100_000;

    private static final long ENTRY_BYTES = 250;

    private final long maxBytes;
    private final Clock clock;
    private final Map<Target, Revocation> all = new ConcurrentHashMap<>();

    // Guarded by this object. Read without it, where a moment's difference does not matter.
    private volatile long bytes;
    private volatile int tokens;

    /** @param maxBytes limit on the heap bytes of all entries, estimated */
    public Revocations(long maxBytes, Clock clock) {
        this.maxBytes = maxBytes;
        this.clock = clock;
    }

    /** An empty set for hubs without administration. */
    public static Revocations none() {
        return new Revocations(0, Clock.systemUTC());
    }

    /** The revocation of this token that is in force. */
    public Optional<Revocation> find(TokenIdentity identity) {
        if (all.isEmpty()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        for (Kind kind : Kind.values()) {
            Optional<Revocation> found = kind.of(identity).flatMap(value -> find(kind, value, now));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<Revocation> find(Kind kind, String value, Instant now) {
        return Target.fits(value)
                ? Optional.ofNullable(all.get(new Target(kind, value))).filter(revocation -> revocation.inForce(now))
                : Optional.empty();
    }

    /** Whether any token is revoked by its fingerprint; otherwise no fingerprint is needed. */
    public boolean includeFingerprints() {
        return tokens > 0;
    }

    /** Adds those that were kept by the log, whatever the limits: they remain in force with less memory, too. */
    public synchronized void restore(Collection<Revocation> kept) {
        kept.forEach(this::put);
    }

    /**
     * Adds a revocation, or replaces the one of the same target.
     *
     * @return whether there was room; otherwise nothing has changed
     */
    public synchronized boolean add(Revocation revocation) {
        removeExpired();
        boolean replaces = all.containsKey(revocation.target());
        if (!replaces && (all.size() >= MAX || bytes + heapBytes(revocation.target()) > maxBytes)) {
            return false;
        }
        put(revocation);
        return true;
    }

    private void put(Revocation revocation) {
        if (all.put(revocation.target(), revocation) == null) {
            count(revocation.target(), 1);
        }
    }

    /** Ends a revocation. Returns the one that was there. */
    public synchronized Optional<Revocation> remove(Target target) {
        Optional<Revocation> removed = Optional.ofNullable(all.remove(target));
        removed.ifPresent(revocation -> count(target, -1));
        return removed;
    }

    /** Removes those that have ended. */
    public synchronized void removeExpired() {
        Instant now = clock.instant();
        for (Revocation revocation : List.copyOf(all.values())) {
            if (!revocation.inForce(now)) {
                remove(revocation.target());
            }
        }
    }

    private void count(Target target, int sign) {
        bytes = bytes + sign * heapBytes(target);
        tokens = tokens + (target.kind() == Kind.TOKEN ? sign : 0);
    }

    private static long heapBytes(Target target) {
        return ENTRY_BYTES + 2L * target.value().length();
    }

    /** Those in force, ordered by kind and value. Costs O(n log n). */
    public List<Revocation> list() {
        Instant now = clock.instant();
        return all.values().stream()
                .filter(revocation -> revocation.inForce(now))
                .sorted(Comparator.comparing(
                                (Revocation revocation) -> revocation.target().kind())
                        .thenComparing(revocation -> revocation.target().value()))
                .toList();
    }

    /** Number of entries. */
    public int size() {
        return all.size();
    }

    /** Estimated heap bytes of all entries. */
    public long heapBytes() {
        return bytes;
    }

    /** Limit of {@link #heapBytes()}. */
    public long maxHeapBytes() {
        return maxBytes;
    }
}
