/**
 * Checks of a request's head before it is routed: its media types, and its method where there is no resource. A request
 * that fails one is answered by {@code WireProblems}. Start with {@link dev.herald.http.check.HeadFilter}.
 */
package dev.herald.http.check;
