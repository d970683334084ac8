package dev.herald.replay;

import dev.herald.frames.EnvelopeCache;
import dev.herald.log.EventLog;
import dev.herald.memory.HeapShares;

/**
 * Resources that all lanes share: those for replay, and the envelopes of events. Subscribers with expensive selectors have a separate limit on pages in
 * flight, so that they take none from the others during matching.
 */
public record Replay(PageReader pages, PageReader expensivePages, Matcher matcher, EnvelopeCache envelopes) {
    private static final int EXPENSIVE_PAGES_IN_FLIGHT = 16;

    public static Replay of(EventLog log, HeapShares heap) {
        return new Replay(
                new PageReader(log, heap.pages()),
                new PageReader(log, heap.expensivePages(), EXPENSIVE_PAGES_IN_FLIGHT),
                new Matcher(),
                new EnvelopeCache(heap.envelopeBytes()));
    }

    public PageReader pages(boolean expensive) {
        return expensive ? expensivePages : pages;
    }
}
