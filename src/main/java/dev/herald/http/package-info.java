/**
 * HTTP on the wire, before JAX-RS: which connections are accepted, what a request's head and framing may look like, and how
 * long a client may take to send it.
 *
 * <p>Start with {@link dev.herald.http.AcceptedConnections}: it gives every accepted connection a
 * {@link dev.herald.http.ConnectionSetup}, which waits until Vert.x knows the protocol and then adds the hub's checks:
 * {@link dev.herald.http.RequestDecoder} and {@link dev.herald.http.Http1Activity} for HTTP/1,
 * {@link dev.herald.http.Http2Requests} for HTTP/2. Everything here runs on the connection's event loop.
 *
 * <p>Invariants: a request that is framed in more than one way is rejected and its connection is closed; a rejected request is
 * not logged; a connection without a request does not stay open beyond its deadline; a failure of one HTTP/2 stream does not end
 * the others of its connection.
 */
package dev.herald.http;
