package dev.herald.hub;

import dev.herald.log.EventLog;
import dev.herald.memory.HeapShares;

/**
 * What all lanes share to bring subscribers up to the head of the log. Subscribers with expensive selectors have pages of
 * their own in flight, so that they take none from the others while their events are matched.
 */
record Replay(PageReader pages, PageReader expensivePages, Matcher matcher) {
    private static final int EXPENSIVE_PAGES_IN_FLIGHT = 16;

    static Replay of(EventLog log, HeapShares heap) {
        return new Replay(
                new PageReader(log, heap.pages()),
                new PageReader(log, heap.expensivePages(), EXPENSIVE_PAGES_IN_FLIGHT),
                new Matcher());
    }

    PageReader pages(boolean expensive) {
        return expensive ? expensivePages : pages;
    }
}
