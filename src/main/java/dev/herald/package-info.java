/**
 * Herald, a push hub: backends POST updates, browsers and services receive them over Server-Sent Events. This package
 * is the composition root, the only one that depends on every log and every surface. The map:
 *
 * <ul>
 *   <li>{@code event}, {@code selector}: values of the domain, and topic selectors.
 *   <li>{@code identity}: identities of tokens, and their revocation.
 *   <li>{@code log}, {@code log.local}, {@code log.sqlite}: the ordered log, its port and its two implementations. The
 *       subpackages of {@code log.sqlite} are its files, rows, columns and idempotency keys.
 *   <li>{@code cluster}, {@code cluster.postgres}: a log that several nodes share, and its mirror on each of them.
 *   <li>{@code frames}: encodings of events that streams share.
 *   <li>{@code replay}: reading of past events, for streams that catch up and for history.
 *   <li>{@code hub}: delivery of accepted events to each open stream. Independent of HTTP.
 *   <li>{@code presence}: active subscriptions.
 *   <li>{@code roster}: open streams, for administrators.
 *   <li>{@code auth}: what a client may publish and read.
 *   <li>{@code connection}, {@code http}, {@code stream}: accepted connections, requests, and streams on sockets.
 *   <li>{@code web}, {@code web.quick}, {@code web.mercure}, {@code web.admin}: the surfaces.
 *   <li>{@code web.history}: answers with past events, and long polls.
 *   <li>{@code settings}: check of the configuration at the start.
 *   <li>{@code ops}, {@code ops.metrics}: health checks, metrics for Prometheus.
 *   <li>{@code tracing}, {@code tracing.otel}: spans of requests and deliveries, if configured.
 *   <li>{@code limit}: rates and numbers of streams that a client may have.
 *   <li>{@code memory}, {@code stats}, {@code logging}, {@code loop}: utilities that several packages use.
 * </ul>
 *
 * <p>The HTTP contract is {@code src/docs/protocol.md}; comments and tests cite its clauses, as in PROTOCOL M5.
 *
 * <p>Dependencies go one way, and no package imports the root; {@code ArchitectureTest} verifies that.
 *
 * <p>Path of an update, from POST to socket: {@link dev.herald.web.quick.MessageResource},
 * {@link dev.herald.web.Publishing}, {@link dev.herald.http.BodyReader}, {@link dev.herald.web.quick.QuickDialect},
 * {@link dev.herald.hub.Hub}, {@link dev.herald.log.local.Appender}, {@link dev.herald.log.local.Transaction},
 * {@link dev.herald.log.sqlite.EventWriter}, {@link dev.herald.log.RecentEvents}, {@link dev.herald.hub.Lanes},
 * {@link dev.herald.hub.Lane}, {@link dev.herald.hub.FanOut}, {@link dev.herald.hub.Subscriber},
 * {@link dev.herald.stream.RawHttp1Outlet}. A POST becomes an {@code Update} in the dialect, and an {@code Event} in
 * the transaction. The hub knows the log only by its port {@code log.EventLog}.
 *
 * <p>Path of a stream, from GET to live: {@link dev.herald.web.StreamFilter}, {@link dev.herald.web.Streams},
 * {@link dev.herald.web.quick.QuickDialect}, {@link dev.herald.hub.Hub}, {@link dev.herald.hub.StartLookup},
 * {@link dev.herald.web.quick.MessageResource}, {@link dev.herald.stream.OutletFactory},
 * {@link dev.herald.stream.RawHttp1Outlet}, {@link dev.herald.hub.Lane}, {@link dev.herald.hub.StreamLifecycle},
 * {@link dev.herald.hub.CatchUp}, {@link dev.herald.replay.PageReader}, {@link dev.herald.hub.Subscriber},
 * {@link dev.herald.hub.FanOut}. A slow reader returns to {@code CatchUp}; {@code hub.SubscriberTimers} closes a stalled
 * one.
 *
 * <p>To add a dialect, read the comment of {@code web}.
 */
package dev.herald;
