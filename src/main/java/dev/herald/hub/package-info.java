/**
 * From an accepted event to each open stream on this node: push to the subscribers that keep up, and let the others pull.
 * May know {@code event}, {@code selector}, {@code log}, {@code loop}, {@code stats}, {@code memory} and {@code logging}; no
 * HTTP.
 *
 * <p>A {@link dev.herald.hub.Lane} is what one event loop owns: its subscribers and its {@code TopicIndex}; it needs no lock. The
 * hub's {@code BroadcastProcessor} is a doorbell with one subscriber a lane: it says that the log has grown, and each lane
 * reads what is new from the log's recent events. A {@link dev.herald.hub.Subscriber} is either live and gets each matching
 * event, or catching up and reads the log at the speed of its socket. Replay, a slow reader and the first moment of a stream
 * are one and the same state.
 *
 * <p>Invariants, each verified by a test: one thread rings the doorbell; positions given to one subscriber strictly rise; frames
 * are encoded once and shared; bytes waiting for one subscriber are bounded; no code blocks an event loop; a private event
 * reaches no reader without the grant.
 *
 * <p>Start with {@link dev.herald.hub.Hub}, then {@link dev.herald.hub.Lane}. {@link dev.herald.hub.FanOut} delivers new events,
 * {@link dev.herald.hub.CatchUp} delivers old ones and takes in slow readers. Bytes leave through the port
 * {@link dev.herald.hub.Outlet}; subscriptions are reported to the port {@link dev.herald.hub.SubscriptionListener}.
 */
package dev.herald.hub;
