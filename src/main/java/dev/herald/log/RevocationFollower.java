package dev.herald.log;

import dev.herald.identity.Revocation;

/** Follower of the revocations that the nodes of a shared log keep, this one included, in the order of the log. */
public interface RevocationFollower {

    /** A revocation is kept, in place of an earlier one of its target. */
    void kept(Revocation revocation);

    /** The revocation of this target has ended. */
    void forgotten(Revocation.Target target);
}
