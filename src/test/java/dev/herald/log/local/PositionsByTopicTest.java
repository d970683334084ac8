package dev.herald.log.local;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.log.TopicSnapshot;
import dev.herald.selector.TopicSelector;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the index against a map of all events. */
class PositionsByTopicTest {
    private final PositionsByTopic index = new PositionsByTopic();
    private final TreeMap<Long, Event> events = new TreeMap<>();

    private static Event event(long position, String... topics) {
        return Event.kept(
                position,
                new EventId("id-" + position),
                Instant.EPOCH,
                LongStream.range(0, topics.length)
                        .mapToObj(i -> new Topic(topics[(int) i]))
                        .toList(),
                false,
                Optional.empty(),
                OptionalLong.empty(),
                new byte[0]);
    }

    private List<Long> newest(long asOf, String topic) {
        List<TopicSelector> selectors = List.of(new TopicSelector.Exact(new Topic(topic)));
        PositionsByTopic.Search search = index.new Search(asOf, selectors, List.of(), events::get);
        assertThat(search.step(1_000_000)).isTrue();
        TopicSnapshot snapshot = search.snapshot();
        return snapshot.positions(0, 10);
    }

    @Test
    void indexHasExactlyTheAddedEventsForRandomAdditionsAndRemovals() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (long position = 1; position < 5_000; position++) {
            Event added = event(position, "a" + random.nextInt(5), "b" + random.nextInt(2));
            events.put(position, added);
            index.add(added);
            int removals = random.nextInt(position % 1_000 < 500 ? 2 : 3);
            for (int i = 0; i < removals && !events.isEmpty(); i++) {
                Event removed =
                        switch (random.nextInt(3)) {
                            case 0 -> events.lastEntry().getValue();
                            case 1 -> events.firstEntry().getValue();
                            default ->
                                events.ceilingEntry(1 + (long) (events.lastKey() * random.nextDouble()))
                                        .getValue();
                        };
                events.remove(removed.position());
                index.remove(removed);
                index.remove(removed);
            }
            long asOf = random.nextLong(position + 2);
            for (String topic : List.of("a0", "a4", "b1")) {
                List<Long> expected = events.headMap(asOf, true).descendingMap().entrySet().stream()
                        .filter(entry -> entry.getValue().topics().contains(new Topic(topic)))
                        .map(Map.Entry::getKey)
                        .limit(1)
                        .toList();
                assertThat(newest(asOf, topic))
                        .as("seed=%d, position %d, %s", seed, position, topic)
                        .isEqualTo(expected);
            }
        }

        events.values().forEach(index::remove);
        assertThat(index.heapBytes()).isZero();
    }

    @Test
    void nameOfATopicCountsUntilItsLastEventIsRemoved() {
        String name = "x".repeat(4_000);
        Event first = event(1, name);
        Event second = event(2, name);
        index.add(first);
        index.add(second);

        index.remove(first);

        assertThat(index.heapBytes()).isBetween(8_000L, 8_500L);
        index.remove(second);
        assertThat(index.heapBytes()).isZero();
    }

    @Test
    void topicThatAnEventHasTwiceIsAnEntryOnce() {
        Event twice = event(1, "a", "a");
        events.put(1L, twice);
        index.add(twice);

        assertThat(newest(1, "a")).containsExactly(1L);
        index.remove(twice);
        assertThat(index.heapBytes()).isZero();
    }
}
