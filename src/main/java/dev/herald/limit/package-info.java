/**
 * Limits of each client: the rate of its updates and their bytes, its open streams and its connections. A client is counted by the
 * subject of its token and by its address. Independent of HTTP; may know {@code settings}.
 *
 * <p>Invariants: a request costs O(1), and nothing where no limit is set. What is kept of clients is bounded in bytes,
 * however many addresses and subjects there are. A rejected request takes nothing from a quota but the parts of its
 * body that arrived before. Only a trusted proxy may name the address of a client.
 *
 * <p>Start with {@link dev.herald.limit.LimitsConfig}. {@link dev.herald.limit.PublishLimits} limits publishing,
 * {@link dev.herald.limit.StreamLimits} limits streams, {@link dev.herald.limit.ConnectionLimits} connections, {@link dev.herald.limit.ClientAddresses} finds the address of a
 * client behind proxies.
 */
package dev.herald.limit;
