package dev.herald.web;

import java.util.List;
import java.util.Optional;

import dev.herald.hub.ReplayFrom;
import dev.herald.selector.TopicSelector;

/**
 * What a request for a stream asks for, in whichever dialect it was put.
 *
 * @param selectors at least one
 * @param lastEventId what to continue from
 * @param since where to begin if there is nothing to continue from
 * @param signals whether the client wants the hub's own blocks in its stream (PROTOCOL E6, E11)
 * @param echoesStart whether the answer's head tells where the stream begins (PROTOCOL M5)
 */
public record StreamRequest(
        List<TopicSelector> selectors,
        Optional<String> lastEventId,
        Optional<ReplayFrom> since,
        boolean signals,
        boolean echoesStart) {}
