package dev.herald;

import java.util.List;
import java.util.function.Supplier;

import dev.herald.hub.EndNotice;
import dev.herald.identity.Revocation;
import dev.herald.identity.Revocations;
import dev.herald.log.RevocationFollower;
import dev.herald.roster.Roster;

/** Puts the revocations of all nodes in force on this one, in the order of the log, and ends its streams. Called by the log's thread. */
final class RevocationsOfAllNodes implements RevocationFollower {
    private final Revocations revocations;
    private final Supplier<Roster> roster;

    /** @param roster called late: the roster needs the access control, which needs the revocations */
    RevocationsOfAllNodes(Revocations revocations, Supplier<Roster> roster) {
        this.revocations = revocations;
        this.roster = roster;
    }

    /** Without room it is in force all the same, as after a restart: another node has accepted it. */
    @Override
    public void kept(Revocation revocation) {
        revocations.removeExpired();
        revocations.restore(List.of(revocation));
        roster.get().end(revocation.target(), EndNotice.REVOKED);
    }

    @Override
    public void forgotten(Revocation.Target target) {
        revocations.remove(target);
    }
}
