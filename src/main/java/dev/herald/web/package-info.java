/**
 * Code that the surfaces share: publishing ({@link dev.herald.web.Publishing}) and opening a stream
 * ({@link dev.herald.web.Streams}). May depend on {@code http}, {@code stream}, {@code hub}, {@code auth} and the
 * packages below them.
 *
 * <p>A surface is a subpackage that only the root package imports: {@code web.quick}, {@code web.mercure},
 * {@code web.admin}. A surface with a dialect of its own consists of these types; {@code web.quick} is the example:
 *
 * <ul>
 *   <li>a {@link dev.herald.web.Dialect}, which parses the requests;
 *   <li>a resource, which passes them to {@code Publishing} and {@code Streams}, and writes the answers;
 *   <li>a name binding, and the {@link dev.herald.web.StreamFilter} that it binds to the resource's streams.
 * </ul>
 *
 * <p>These other places change. {@code http.HubPaths} lists the methods of each path, and names the surfaces.
 * {@code SelfCheckRequests} sends each kind of request at the start, so that no class is loaded later.
 * {@code tracing.otel.OtelTracing} lists the paths that get spans, and {@code openapi.yaml} describes each path.
 * {@code ArchitectureTest} lists the packages. If topics are in a path, {@code http.Problems} must cut it in log lines,
 * since they may be private. A surface publishes by POST only: {@code http.OriginFilter} verifies the origin of no
 * other method. It does not verify a POST that opens a stream ({@code http.HubPaths}). {@code web.admin} verifies the
 * origin of all methods, with its token.
 *
 * <p>A stream that has begun cannot send an error status: it ends, and its client resumes by id.
 */
package dev.herald.web;
