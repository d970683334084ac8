package dev.herald.cluster;

import java.util.Optional;
import java.util.UUID;

import dev.herald.cluster.SharedSession.Extent;
import dev.herald.log.LogIdentity;

/** Check that the mirror of this node is a prefix of the shared log. Used by the follower's thread. */
final class MirrorCheck {
    private static final String AFTER_A_LOSS =
            ": it has lost what was acknowledged, as after a failover to an asynchronous standby, or a restored"
                    + " backup. Follow 'After a loss' on the page 'Several nodes' of the documentation.";

    private final LogIdentity identity;
    private final MirrorCopy copy;

    /** @param identity of the shared log when this node was opened */
    MirrorCheck(LogIdentity identity, MirrorCopy copy) {
        this.identity = identity;
        this.copy = copy;
    }

    /**
     * Verifies the mirror.
     *
     * @param token of the batch at whose end the mirror is; empty if it is not known
     * @throws SharedLogException if it is none of the shared log, or is ahead of it
     */
    void verify(SharedSession session, Optional<UUID> token) {
        if (!identity.hasKey(session.identity().key())) {
            throw SharedLogException.refused("The database has another log than the one that this node mirrors: was it"
                    + " replaced? Put the right one back, or restart the node with an empty directory"
                    + " (herald.log.file.path).");
        }
        Extent extent = session.extent();
        long position = copy.position();
        if (position > extent.head()) {
            throw SharedLogException.refused("The shared log ends at position " + extent.head()
                    + ", before the mirror of this node, at " + position + AFTER_A_LOSS);
        }
        boolean same = token.isPresent()
                ? session.token(position).equals(token)
                : copy.newest()
                        .map(newest -> session.event(newest.position())
                                .filter(event -> copy.isSame(newest, event))
                                .isPresent())
                        .orElse(true);
        // Read again: retention may have removed it meanwhile.
        if (!same && session.extent().horizon() < position) {
            throw SharedLogException.refused(
                    "The shared log differs from the mirror of this node at position " + position + AFTER_A_LOSS);
        }
    }
}
