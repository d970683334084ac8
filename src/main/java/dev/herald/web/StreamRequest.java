package dev.herald.web;

import java.util.List;
import java.util.Optional;

import dev.herald.auth.Grants;
import dev.herald.hub.ReplayFrom;
import dev.herald.hub.Subscription;
import dev.herald.selector.TopicSelector;

/**
 * Parsed request for a stream, the same for every dialect.
 *
 * @param selectors at least one
 * @param lastEventId id to resume from
 * @param since where to begin without an id to resume from
 * @param tokenRequired whether a client without a token is rejected, even where none is needed (PROTOCOL E13)
 * @param signals whether the client wants the hub's own blocks in its stream (PROTOCOL E6, E11)
 * @param envelope whether each event is delivered as a JSON object (PROTOCOL Q17)
 * @param echoesStart whether a response header names the id at which the stream begins (PROTOCOL M5)
 */
public record StreamRequest(
        List<TopicSelector> selectors,
        Optional<String> lastEventId,
        Optional<ReplayFrom> since,
        boolean tokenRequired,
        boolean signals,
        boolean envelope,
        boolean echoesStart) {

    /** Estimated heap bytes of the selectors. */
    long selectorBytes() {
        return selectors.stream().mapToLong(TopicSelector::heapBytes).sum();
    }

    /**
     * The subscription of a client with these grants.
     *
     * @param retainedBytes estimated heap bytes of the request and response while the stream is open
     */
    Subscription subscription(Grants grants, long retainedBytes) {
        return new Subscription(
                selectors,
                grants.subscribe(),
                lastEventId,
                since,
                signals,
                envelope,
                grants.expiry(),
                grants.payload(),
                retainedBytes);
    }

    /** A subscription that selects nothing, for the signals of a rejected stream (PROTOCOL E12). */
    Subscription rejected() {
        return new Subscription(List.of(), List.of(), lastEventId, since, signals, Optional.empty(), Optional.empty());
    }

    /** As {@link #rejected}, for a request that could not be parsed: the stream has no signals. */
    static Subscription unparsed() {
        return new Subscription(List.of(), List.of(), Optional.empty(), false);
    }
}
