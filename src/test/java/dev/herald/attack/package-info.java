/**
 * Attacks over HTTP on a hub with keys ({@link dev.herald.guarded.GuardedHub}). Each class is one kind of attack. Where
 * it could be in doubt, a test also asserts that the same request succeeds without the attack.
 */
package dev.herald.attack;
