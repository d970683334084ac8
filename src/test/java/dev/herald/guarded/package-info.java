/**
 * A hub as it is run in production, for tests: it has keys and asks for tokens. {@link dev.herald.guarded.GuardedHub} is
 * the profile, {@link dev.herald.guarded.Tokens} makes what its issuer would, {@link dev.herald.guarded.Request} says to it
 * by HTTP whatever a client could, and {@link dev.herald.guarded.Pages} are websites that use it, or would like to.
 */
package dev.herald.guarded;
