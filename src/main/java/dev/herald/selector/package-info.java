/**
 * Topic selectors: exact topics, URI Templates (RFC 6570) and {@code *}, and their matching with the topics of an
 * event. May know {@code event} only.
 *
 * <p>Invariants: everything here is immutable except for {@link dev.herald.selector.Matching}, which works in steps;
 * the cost of each step is bounded by a {@link dev.herald.selector.MatchBudget}, whatever the selectors.
 *
 * <p>Start with {@link dev.herald.selector.TopicSelector}, then {@link dev.herald.selector.TopicFilter}, a set of them.
 * A template is a {@code UriTemplate}: a list of {@code TemplatePart}s, each of which advances a set of
 * {@code MatchPositions} over a {@code UriText}.
 */
package dev.herald.selector;
