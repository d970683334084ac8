/**
 * Test fixture of a hub with keys, as in production. {@link dev.herald.guarded.GuardedHub} is the profile, {@link
 * dev.herald.guarded.Tokens} creates its issuer's tokens, {@link dev.herald.guarded.Request} sends any request over
 * HTTP, and {@link dev.herald.guarded.Pages} are websites, one of them listed.
 */
package dev.herald.guarded;
