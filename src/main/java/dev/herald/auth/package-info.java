/**
 * Who may come in, and what they may do then. Reaches the hub as topic selectors and nothing else.
 *
 * <p>{@link dev.herald.auth.Authenticator} is the door: it takes the token that the caller brought, or none, and gives {@link
 * dev.herald.auth.Grants} or refuses. Publishers and subscribers have keys of their own. Where a token stands in a request,
 * and what a refusal is in HTTP, is not known here.
 *
 * <p>What holds: the algorithm comes from the configuration, never from the token, and belongs to the key; nothing in a
 * token's header can name a key or an address; no sentence, log line or exception holds a token or a key; no thread waits.
 */
package dev.herald.auth;
