package dev.herald.log.local;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongFunction;

import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.log.TopicSnapshot;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

/** Index of kept events by topic. Changed by one thread, read by any. */
final class PositionsByTopic {
    /** Estimated heap bytes of an entry, and of its topic besides: arrays may be half empty. */
    private static final long ENTRY_BYTES = 2L * Long.BYTES;

    private static final long TOPIC_BYTES = 130;

    private final ConcurrentMap<Topic, Positions> topics = new ConcurrentHashMap<>();
    private long entries;
    /** Heap bytes of the names of all topics: each outlives the event that brought it. */
    private long nameBytes;

    /** Adds an event behind all others. */
    void add(Event event) {
        for (Topic topic : event.topics()) {
            Positions positions = topics.get(topic);
            if (positions == null) {
                positions = new Positions();
                topics.put(topic, positions);
                nameBytes += nameBytes(topic);
            }
            entries += positions.add(event.position()) ? 1 : 0;
        }
    }

    /** Does nothing for an event that was not added. */
    void remove(Event event) {
        for (Topic topic : event.topics()) {
            Positions positions = topics.get(topic);
            if (positions != null && positions.remove(event.position())) {
                entries--;
            }
            if (positions != null && positions.isEmpty()) {
                topics.remove(topic);
                nameBytes -= nameBytes(topic);
            }
        }
    }

    private static long nameBytes(Topic topic) {
        return 2L * topic.name().length();
    }

    /** Estimated heap bytes. */
    long heapBytes() {
        return entries * ENTRY_BYTES + topics.size() * TOPIC_BYTES + nameBytes;
    }

    /** Rising positions, in a ring. Thread-safe. */
    private static final class Positions {
        private static final int SMALLEST = 2;

        private long[] ring = new long[SMALLEST];
        private int first;
        private int size;

        /** Adds the highest one. Returns false if it is there. */
        synchronized boolean add(long position) {
            if (size > 0 && at(size - 1) == position) {
                return false;
            }
            if (size == ring.length) {
                resize(2 * size);
            }
            ring[(first + size++) & (ring.length - 1)] = position;
            return true;
        }

        /** Removes one. Costs O(1) for the first and the last one, else O(n). Returns false if it is not there. */
        synchronized boolean remove(long position) {
            int index = size > 0 && at(0) == position ? 0 : through(position) - 1;
            if (index < 0 || at(index) != position) {
                return false;
            }
            if (index == 0) {
                first = (first + 1) & (ring.length - 1);
            }
            for (int i = index; index > 0 && i < size - 1; i++) {
                ring[(first + i) & (ring.length - 1)] = at(i + 1);
            }
            size--;
            if (size < ring.length / 4 && ring.length > SMALLEST) {
                resize(ring.length / 2);
            }
            return true;
        }

        synchronized boolean isEmpty() {
            return size == 0;
        }

        /** Highest one up to a limit, inclusive; negative if there is none. */
        synchronized long floor(long limit) {
            int count = through(limit);
            return count == 0 ? -1 : at(count - 1);
        }

        /** Number of those up to a limit, inclusive. */
        private int through(long limit) {
            int low = 0;
            int high = size;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (at(middle) <= limit) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        private long at(int index) {
            return ring[(first + index) & (ring.length - 1)];
        }

        private void resize(int length) {
            long[] resized = new long[length];
            for (int i = 0; i < size; i++) {
                resized[i] = at(i);
            }
            ring = resized;
            first = 0;
        }
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
        private final Iterator<Topic> next;
        /** Events of the current topic; null between two topics. */
        private Positions current;
        /** Highest position of it that is not considered yet. */
        private long upTo;

        private MatchBudget budget;
        private int considered;

        /** @param events finds an event by its position; null if it was removed */
        Search(long asOf, List<TopicSelector> selectors, List<TopicSelector> grants, LongFunction<Event> events) {
            List<Topic> named = TopicSelector.exactTopics(selectors);
            this.snapshot = new TopicSnapshot.Builder(asOf);
            this.wanted = new TopicFilter(selectors);
            this.granted = new TopicFilter(grants);
            this.events = events;
            this.next = (named.isEmpty() ? topics.keySet() : named).iterator();
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
            while (current != null || next.hasNext()) {
                if (considered >= limit || budget.exhausted()) {
                    return false;
                }
                considered++;
                if (current == null) {
                    begin(next.next());
                } else {
                    considerNewest();
                }
            }
            return true;
        }

        private void begin(Topic topic) {
            current = wanted.matches(List.of(topic), budget) ? topics.get(topic) : null;
            upTo = snapshot.asOf();
        }

        /** Considers the topic's newest event that has not been considered. */
        private void considerNewest() {
            long position = current.floor(upTo);
            upTo = position - 1;
            if (position < 0 || isPartOfTheSnapshot(events.apply(position))) {
                current = null;
            }
        }

        /** Adds an event if the reader may read it. */
        private boolean isPartOfTheSnapshot(Event event) {
            if (event == null || event.isPurged()) {
                return false;
            }
            considered += event.topics().size() - 1;
            boolean permitted = granted.permits(event.isPrivate(), event.topics(), budget);
            if (permitted) {
                snapshot.add(event.position());
            }
            return permitted;
        }
    }
}
