/**
 * Delivery from frames to sockets: outlets, shared buffers, gzip, and backpressure. The only package that depends on
 * Netty's response pipeline. May depend on {@code event}, {@code hub} and {@code connection}.
 *
 * <p>Invariants: a frame is encoded and compressed once for all streams of an event loop. A reference is released by
 * the code that took it. Bytes that wait for sockets are bounded.
 *
 * <p>Start with {@link dev.herald.stream.OutletFactory}, which selects the outlet:
 * {@link dev.herald.stream.RawHttp1Outlet}, the fast one, or {@link dev.herald.stream.ResponseOutlet}. A slow reader is
 * detected by {@code Outlet.writable()} of these two; {@code hub} decides what follows.
 */
package dev.herald.stream;
