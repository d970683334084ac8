package dev.herald.log;

import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RecentEventsTest {
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private static Event event(long position) {
        return Event.of(
                position, new EventId("e" + position), Instant.EPOCH, Update.of(new Topic("t"), "x".repeat(500)));
    }

    private static List<Event> events(long... positions) {
        return LongStream.of(positions).mapToObj(RecentEventsTest::event).toList();
    }

    private static RecentEvents with(long head, long maxBytes, long... positions) {
        RecentEvents recent = new RecentEvents(head, maxBytes);
        recent.add(events(positions));
        return recent;
    }

    @Test
    void returnsWhatFollowsAPositionUpToAnother() {
        RecentEvents recent = with(0, 1 << 20, 1, 2, 5, 9);

        RecentEvents.Window window = recent.after(1, 8, NO_LIMIT);

        assertThat(window.covered()).isTrue();
        assertThat(window.events()).extracting(Event::position).containsExactly(2L, 5L);
        assertThat(window.through()).as("nothing stands between 5 and 8").isEqualTo(8);
    }

    @Test
    void aWindowNeverReachesBeyondTheHead() {
        RecentEvents recent = with(0, 1 << 20, 1, 2);

        assertThat(recent.after(0, Long.MAX_VALUE, NO_LIMIT).through()).isEqualTo(2);
        assertThat(recent.after(2, Long.MAX_VALUE, NO_LIMIT).events()).isEmpty();
        assertThat(recent.after(7, Long.MAX_VALUE, NO_LIMIT).through()).isEqualTo(7);
    }

    @Test
    void aWindowEndsAfterTheEventThatReachesTheLimit() {
        RecentEvents recent = with(0, 1 << 20, 1, 2, 3);

        RecentEvents.Window window = recent.after(0, Long.MAX_VALUE, 501);

        assertThat(window.events()).extracting(Event::position).containsExactly(1L);
        assertThat(window.through()).isEqualTo(1);
    }

    @Test
    void dropsTheOldestBeyondItsBytesAndSaysSo() {
        RecentEvents recent = new RecentEvents(0, 10 * 1_100);
        for (long position = 1; position <= 1_000; position++) {
            recent.add(events(position));
        }

        List<Event> held = recent.after(995, Long.MAX_VALUE, NO_LIMIT).events();

        assertThat(held).extracting(Event::position).containsExactly(996L, 997L, 998L, 999L, 1_000L);
        assertThat(recent.after(900, Long.MAX_VALUE, NO_LIMIT).covered()).isFalse();
        long oldest = LongStream.rangeClosed(900, 1_000)
                .filter(after -> recent.after(after, Long.MAX_VALUE, NO_LIMIT).covered())
                .findFirst()
                .orElseThrow();
        assertThat(1_000 - oldest).as("held events").isBetween(9L, 11L);
    }

    @Test
    void holdsTheNewestWhateverItsSize() {
        RecentEvents recent = with(0, 1, 1, 2);

        assertThat(recent.after(1, Long.MAX_VALUE, NO_LIMIT).events())
                .extracting(Event::position)
                .containsExactly(2L);
        assertThat(recent.after(0, Long.MAX_VALUE, NO_LIMIT).covered()).isFalse();
    }

    @Test
    void coversNothingFromBeforeItsBeginning() {
        RecentEvents recent = with(100, 1 << 20, 101);

        assertThat(recent.after(99, Long.MAX_VALUE, NO_LIMIT).covered()).isFalse();
        assertThat(recent.after(100, Long.MAX_VALUE, NO_LIMIT).covered()).isTrue();
        assertThat(recent.head()).isEqualTo(101);
    }

    @Test
    void refusesAPositionThatDoesNotRise() {
        RecentEvents recent = with(0, 1 << 20, 1, 2);

        assertThatThrownBy(() -> recent.add(events(2))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aReadIsBoundedInEvents() {
        RecentEvents recent = new RecentEvents(0, Long.MAX_VALUE);
        recent.add(LongStream.rangeClosed(1, 5_000)
                .mapToObj(RecentEventsTest::event)
                .toList());

        RecentEvents.Window window = recent.after(0, Long.MAX_VALUE, NO_LIMIT);

        assertThat(window.events()).hasSize(1_024);
        assertThat(window.through()).isEqualTo(1_024);
    }
}
