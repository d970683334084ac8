package dev.herald.cluster;

import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.herald.identity.Revocation;
import dev.herald.identity.Revocation.Target;
import dev.herald.log.RevocationFollower;

/**
 * Revocations of the shared log, as this node has read them, and the follower of those that other nodes keep.
 * Thread-safe.
 */
final class SharedRevocations {
    private final List<Revocation> atOpening;
    private final Clock clock;
    private final Map<Target, Revocation> now = new LinkedHashMap<>();

    /** Orders of this node that it has not read back: whoever gave them knows. */
    private final Set<Control> given = new HashSet<>();

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
        for (Revocation revocation : now.values()) {
            if (!atOpening.contains(revocation)) {
                its.kept(revocation);
            }
        }
    }

    /** This node is about to give an order. */
    synchronized void given(Control order) {
        given.add(order);
    }

    /** The order was not given. */
    synchronized void notGiven(Control order) {
        given.remove(order);
    }

    /** A revocation was read from the shared log. */
    synchronized void kept(Control.Revoking order) {
        Instant at = clock.instant();
        now.values().removeIf(old -> !old.inForce(at));
        now.put(order.revocation().target(), order.revocation());
        if (!given.remove(order) && follower != null) {
            follower.kept(order.revocation());
        }
    }

    /** The end of a revocation was read from the shared log. */
    synchronized void forgotten(Control.Readmitting order) {
        now.remove(order.target());
        if (!given.remove(order) && follower != null) {
            follower.forgotten(order.target());
        }
    }
}
