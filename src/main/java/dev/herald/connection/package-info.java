/**
 * Accepted connections before JAX-RS: their number, validation of a request's head and framing, and the deadlines for
 * sending it. May depend on {@code limit}, {@code memory},
 * {@code logging}, {@code stats} and {@code settings}.
 *
 * <p>Start with {@link dev.herald.connection.AcceptedConnections}: it gives every accepted connection a {@link
 * dev.herald.connection.ConnectionSetup}. This waits until Vert.x knows the protocol, and then adds the hub's checks.
 * They are {@link dev.herald.connection.RequestDecoder} and {@link dev.herald.connection.Http1Activity} for HTTP/1,
 * {@link dev.herald.connection.Http2Requests} for HTTP/2. All but counters and {@link dev.herald.connection.Listeners}
 * runs on the connection's event loop.
 *
 * <p>Invariants: a request that is framed in more than one way is rejected, and its connection is closed. A rejected
 * request is not logged. A connection without a request is closed at its deadline. A failure of one HTTP/2 stream does
 * not end the other streams of its connection.
 */
package dev.herald.connection;
