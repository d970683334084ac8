/**
 * HTTP in and out: requests become values of {@code event}, streams become outlets of the hub, refusals become problem
 * documents. Nothing further in knows HTTP.
 *
 * <p>Input is parsed here and nowhere else, strictly: what cannot be right is refused with a sentence that says what would
 * be. Once a stream has begun there is no status any more; it can only end, and its client resumes by id.
 *
 * <p>Start with {@link dev.herald.web.MessageResource}, the quick API. {@link dev.herald.web.Outlets} finds
 * streams their way to the socket; {@link dev.herald.web.Problems} is the one place that makes errors.
 */
package dev.herald.web;
