package dev.herald.web;

import java.util.List;

import dev.herald.event.InvalidFieldException;
import dev.herald.selector.TopicSelector;

/** Parser of the parameter {@code topic} of a subscription, for both dialects (PROTOCOL M1–M3, M6). */
public final class Selectors {
    /** Most selectors of one stream, inclusive. */
    static final int MAX = 1_000;

    private Selectors() {}

    /** @throws InvalidFieldException if there are too many, or one can never match */
    public static List<TopicSelector> parse(List<String> texts) {
        if (texts.size() > MAX) {
            throw new InvalidFieldException("topic", "is given more than " + MAX + " times: select with fewer.");
        }
        return texts.stream().distinct().map(TopicSelector::parse).toList();
    }
}
