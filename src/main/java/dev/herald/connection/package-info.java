/**
 * Accepted connections before JAX-RS: their number, validation of a request's head and framing, and the deadlines for
 * sending it. May depend on {@code memory} and {@code logging}.
 *
 * <p>Start with {@link dev.herald.connection.AcceptedConnections}: it gives every accepted connection a
 * {@link dev.herald.connection.ConnectionSetup}, which waits until Vert.x knows the protocol and then adds the hub's
 * checks: {@link dev.herald.connection.RequestDecoder} and {@link dev.herald.connection.Http1Activity} for HTTP/1,
 * {@link dev.herald.connection.Http2Requests} for HTTP/2. Everything here runs on the connection's event loop.
 *
 * <p>Invariants: a request that is framed in more than one way is rejected and its connection is closed; a rejected
 * request is not logged; a connection without a request does not stay open beyond its deadline; a failure of one HTTP/2 stream does not
 * end the other streams of its connection.
 */
package dev.herald.connection;
