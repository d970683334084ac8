/**
 * Several nodes, one order: a log that is shared by nodes, each of which keeps a mirror of it. May know {@code log} and
 * its stores.
 *
 * <p>Invariants: the shared log gives the order and the positions. A node announces and acknowledges only what it has
 * read back from there, so all nodes announce the same events in the same order. A batch has a token, by which it is
 * appended once, however often it is sent. A mirror is always a prefix of the shared log, or the node stops to follow.
 *
 * <p>Start with {@link dev.herald.cluster.SharedLog}, the port, and {@link dev.herald.cluster.ClusteredEventLog}, then
 * {@link dev.herald.cluster.Follower}.
 */
package dev.herald.cluster;
