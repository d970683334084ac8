/**
 * What a client may publish and read. Reaches the hub as topic selectors and nothing else.
 *
 * <p>For now there is one switch, {@link dev.herald.auth.AuthConfig#open()}: a hub that is not open does not start, since
 * it has no keys yet to tell friend from stranger.
 */
package dev.herald.auth;
