/**
 * What operators use: figures of this node as a stream, and {@code /admin}. That has a resource each for open streams,
 * revocations and kept events. May depend on {@code web}, {@code roster}, {@code log}, {@code stats},
 * {@code presence} and the packages below them.
 *
 * <p>Invariants: without a key of administrators there is no {@code /admin}. Each action is authorised, runs off the event
 * loops, and leaves one line in the audit log. No line has a topic, the id of an event, or a token.
 *
 * <p>Start with {@link dev.herald.web.admin.FiguresResource} and {@link dev.herald.web.admin.AdminAccess}.
 */
package dev.herald.web.admin;
