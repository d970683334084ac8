/**
 * Delivery of accepted events to the open streams of this node: push to live subscribers, pull for those that are
 * behind. May know {@code event}, {@code frames}, {@code selector}, {@code log}, {@code replay}, {@code loop},
 * {@code stats}, {@code tracing}, {@code memory}, {@code logging} and {@code settings}; no HTTP.
 *
 * <p>A {@link dev.herald.hub.Lane} owns the subscribers of one event loop and its {@code TopicIndex}; it needs no lock.
 * The {@code BroadcastProcessor} of {@code Lanes} has one subscriber a lane and signals that the log has grown. Each
 * lane then reads the new events from the log's recent events. A {@link dev.herald.hub.Subscriber} is either live and
 * gets each matching event, or catching up and reads the log at the speed of its socket. Replay, a slow reader and the
 * start of a stream are the same state.
 *
 * <p>Invariants, each verified by a test: one thread signals growth. Positions given to one subscriber strictly rise.
 * Frames are encoded once and shared. Pending bytes of one subscriber are bounded. No code blocks an event loop. A
 * private event reaches no reader without the grant.
 *
 * <p>Start with {@link dev.herald.hub.Hub}, then {@link dev.herald.hub.Lane}, one of its {@code Lanes}.
 * {@code StreamLifecycle} begins and ends a stream, {@link dev.herald.hub.FanOut} delivers new events, and
 * {@link dev.herald.hub.CatchUp} replays old ones, also to slow readers. Bytes leave through the port
 * {@link dev.herald.hub.Outlet}. A slow reader: {@code FanOut.deliver} switches it to catching up, {@code CatchUp}
 * resumes it, and {@code SubscriberTimers.visit} closes it after the write timeout. Subscriptions are reported to the
 * port {@link dev.herald.hub.SubscriptionListener}.
 */
package dev.herald.hub;
