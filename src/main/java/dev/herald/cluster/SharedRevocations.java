package dev.herald.cluster;

import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.herald.identity.Revocation;
import dev.herald.identity.Revocation.Target;
import dev.herald.log.RevocationFollower;

/**
 * Revocations of the shared log, as this node has read them, and their follower. Those of this node come back in the order
 * of the log: another node may have changed them in between. Thread-safe.
 */
final class SharedRevocations {
    private final List<Revocation> atOpening;
    private final Clock clock;
    private final Map<Target, Revocation> now = new LinkedHashMap<>();

    private RevocationFollower follower;

    /** @param atOpening those that the shared log kept at a position that this node has still to read */
    SharedRevocations(List<Revocation> atOpening, Clock clock) {
        this.clock = clock;
        this.atOpening = List.copyOf(atOpening);
        atOpening.forEach(revocation -> now.put(revocation.target(), revocation));
    }

    /** Those that the shared log kept when this node was opened. */
    List<Revocation> atOpening() {
        return atOpening;
    }

    /** Sets the follower, and informs it of what has changed since the opening. */
    synchronized void follow(RevocationFollower its) {
        follower = its;
        for (Revocation revocation : atOpening) {
            if (revocation.inForce(clock.instant()) && !now.containsKey(revocation.target())) {
                its.forgotten(revocation.target());
            }
        }
        Set<Revocation> known = new HashSet<>(atOpening);
        for (Revocation revocation : now.values()) {
            if (!known.contains(revocation)) {
                its.kept(revocation);
            }
        }
    }

    /** A revocation was read from the shared log. */
    synchronized void kept(Revocation revocation) {
        Instant at = clock.instant();
        now.values().removeIf(old -> !old.inForce(at));
        now.put(revocation.target(), revocation);
        if (follower != null) {
            follower.kept(revocation);
        }
    }

    /** The end of a revocation was read from the shared log. */
    synchronized void forgotten(Target target) {
        now.remove(target);
        if (follower != null) {
            follower.forgotten(target);
        }
    }

    /** Those that this node has read and that are not among the given ones: their end was not read. */
    synchronized List<Target> missingIn(List<Revocation> kept) {
        Set<Target> targets = kept.stream().map(Revocation::target).collect(Collectors.toSet());
        return now.keySet().stream().filter(target -> !targets.contains(target)).toList();
    }

    /** Those of the given ones that this node has not read. */
    synchronized List<Revocation> unread(List<Revocation> kept) {
        return kept.stream()
                .filter(revocation -> !revocation.equals(now.get(revocation.target())))
                .toList();
    }
}
