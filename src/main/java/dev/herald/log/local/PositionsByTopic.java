package dev.herald.log.local;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.LongFunction;

import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.log.TopicSnapshot;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

/** Index of kept events by topic. Changed by one thread, read by any. */
final class PositionsByTopic {
    /** Estimated heap bytes of an entry, and of its topic if it is the first one. */
    private static final long ENTRY_BYTES = 80;

    private static final long TOPIC_BYTES = 250;

    private final ConcurrentMap<Topic, NavigableSet<Long>> positions = new ConcurrentHashMap<>();
    private long entries;

    void add(Event event) {
        for (Topic topic : event.topics()) {
            NavigableSet<Long> of = positions.computeIfAbsent(topic, first -> new ConcurrentSkipListSet<>());
            entries += of.add(event.position()) ? 1 : 0;
        }
    }

    /** Does nothing for an event that was not added. */
    void remove(Event event) {
        for (Topic topic : event.topics()) {
            positions.computeIfPresent(topic, (same, of) -> {
                entries -= of.remove(event.position()) ? 1 : 0;
                return of.isEmpty() ? null : of;
            });
        }
    }

    /** Estimated heap bytes. */
    long heapBytes() {
        return entries * ENTRY_BYTES + positions.size() * TOPIC_BYTES;
    }

    /**
     * Search for the newest event of each topic, in steps. Topics that are added meanwhile only have later events.
     * Single use, by one thread at a time.
     */
    final class Search {
        private final TopicSnapshot.Builder snapshot;
        private final TopicFilter wanted;
        private final TopicFilter granted;
        private final LongFunction<Event> events;
        private final Iterator<Topic> topics;
        private Iterator<Long> older = Collections.emptyIterator();
        private MatchBudget budget;
        private int considered;

        /** @param events finds an event by its position; null if it was removed */
        Search(long asOf, List<TopicSelector> selectors, List<TopicSelector> grants, LongFunction<Event> events) {
            List<Topic> named = TopicSelector.exactTopics(selectors);
            this.snapshot = new TopicSnapshot.Builder(asOf);
            this.wanted = new TopicFilter(selectors);
            this.granted = new TopicFilter(grants);
            this.events = events;
            this.topics = (named.isEmpty() ? positions.keySet() : named).iterator();
        }

        TopicSnapshot snapshot() {
            return snapshot.build();
        }

        /**
         * Considers the next events.
         *
         * @param limit maximum topics and events
         * @return whether the search is complete
         */
        boolean step(int limit) {
            budget = new MatchBudget(MatchBudget.PAGE_UNITS);
            considered = 0;
            while (older.hasNext() || topics.hasNext()) {
                if (considered >= limit || budget.exhausted()) {
                    return false;
                }
                considered++;
                if (older.hasNext()) {
                    consider(events.apply(older.next()));
                } else {
                    older = positions(topics.next());
                }
            }
            return true;
        }

        /** Positions of a topic from the newest one on; none if it is not wanted. */
        private Iterator<Long> positions(Topic topic) {
            NavigableSet<Long> of = positions.get(topic);
            return of == null || !wanted.matches(List.of(topic), budget)
                    ? Collections.emptyIterator()
                    : of.headSet(snapshot.asOf(), true).descendingIterator();
        }

        private void consider(Event event) {
            if (event == null || event.isPurged()) {
                return;
            }
            considered += event.topics().size() - 1;
            if (granted.permits(event.isPrivate(), event.topics(), budget)) {
                snapshot.add(event.position());
                older = Collections.emptyIterator();
            }
        }
    }
}
