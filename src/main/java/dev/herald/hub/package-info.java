/**
 * From an accepted event to each open stream on this node: push to those who keep up, let the others pull.
 *
 * <p>A {@link dev.herald.hub.Lane} is what one event loop owns: its subscribers and its {@code TopicIndex}; nothing in it
 * needs a lock. The hub's {@code BroadcastProcessor} is a doorbell with one subscriber a lane: it says that the log has
 * grown, and each lane reads what is new from the log's recent events. A {@link dev.herald.hub.Subscriber} either keeps
 * up and is handed each matching event, or catches up by reading the log at the speed of its socket; replay, a slow
 * reader and the first moment of a stream are one and the same.
 *
 * <p>Invariants, each held by a test: one thread rings the doorbell; positions given to one subscriber strictly rise;
 * frames are encoded once and shared; bytes waiting for one subscriber are bounded; nobody blocks an event loop; a
 * private event reaches nobody without the grant.
 *
 * <p>Start with {@link dev.herald.hub.Hub}, then {@link dev.herald.hub.Lane}. Bytes leave through
 * {@link dev.herald.hub.Outlet}, which {@code web} implements; this package knows no HTTP.
 */
package dev.herald.hub;
