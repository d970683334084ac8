/**
 * Frames of events for the streams of a node. Selects the encoding of an event for each stream, and makes each encoding
 * once for all of them. May know only {@code event}, whose {@link dev.herald.event.Frame} is the plain encoding.
 *
 * <p>Invariants: equal frames of one event are the same object as long as a cache has room for it, so that sockets share
 * their bytes. All caches are bounded in bytes.
 *
 * <p>Start with {@link dev.herald.frames.TurnFrames}, for live events; a replay asks the
 * {@link dev.herald.frames.EnvelopeCache} directly.
 */
package dev.herald.frames;
