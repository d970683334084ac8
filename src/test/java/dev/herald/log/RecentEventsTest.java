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

    private static Event event(long number) {
        return event(number, "e" + number);
    }

    private static Event event(long position, String id) {
        return event(position, id, false);
    }

    private static Event event(long position, String id, boolean isTransient) {
        return Event.of(
                position, new EventId(id), Instant.EPOCH, isTransient, Update.of(new Topic("t"), "x".repeat(500)));
    }

    private static List<Event> events(long... numbers) {
        return LongStream.of(numbers).mapToObj(RecentEventsTest::event).toList();
    }

    private static RecentEvents with(long head, long maxBytes, long... numbers) {
        RecentEvents recent = new RecentEvents(head, List.of(), head, maxBytes);
        recent.add(events(numbers));
        return recent;
    }

    private static RecentEvents.Window after(RecentEvents recent, long number, int limit) {
        return recent.after(number, Long.MAX_VALUE, limit);
    }

    private static long number(Event event) {
        return event.position();
    }

    @Test
    void returnsEventsBetweenTwoPositions() {
        RecentEvents recent = with(0, 1 << 20, 1, 2, 5, 9);

        RecentEvents.Window window = recent.after(1, 8, NO_LIMIT);

        assertThat(window.covered()).isTrue();
        assertThat(window.events()).extracting(RecentEventsTest::number).containsExactly(2L, 5L);
        assertThat(window.through()).as("nothing stands between 5 and 8").isEqualTo(8);
    }

    @Test
    void windowEndsAtTheHead() {
        RecentEvents recent = with(0, 1 << 20, 1, 2);

        assertThat(after(recent, 0, NO_LIMIT).through()).isEqualTo(2);
        assertThat(after(recent, 2, NO_LIMIT).events()).isEmpty();
        assertThat(after(recent, 7, NO_LIMIT).through()).isEqualTo(7);
    }

    @Test
    void windowEndsAfterTheEventThatReachesTheLimit() {
        RecentEvents recent = with(0, 1 << 20, 1, 2, 3);

        RecentEvents.Window window = after(recent, 0, 501);

        assertThat(window.events()).extracting(RecentEventsTest::number).containsExactly(1L);
        assertThat(window.through()).isEqualTo(1);
    }

    @Test
    void evictsTheOldestEventsBeyondItsBytesAndNoLongerCoversThem() {
        RecentEvents recent = new RecentEvents(10 * event(1).heapBytes() + 50);
        for (long position = 1; position <= 1_000; position++) {
            recent.add(events(position));
        }

        List<Event> held = after(recent, 995, NO_LIMIT).events();

        assertThat(held).extracting(RecentEventsTest::number).containsExactly(996L, 997L, 998L, 999L, 1_000L);
        assertThat(after(recent, 900, NO_LIMIT).covered()).isFalse();
        long oldest = LongStream.rangeClosed(900, 1_000)
                .filter(after -> after(recent, after, NO_LIMIT).covered())
                .findFirst()
                .orElseThrow();
        assertThat(1_000 - oldest).as("held events").isBetween(9L, 11L);
    }

    @Test
    void keepsTheNewestEventOfAnySize() {
        RecentEvents recent = with(0, 1, 1, 2);

        assertThat(after(recent, 1, NO_LIMIT).events())
                .extracting(RecentEventsTest::number)
                .containsExactly(2L);
        assertThat(after(recent, 0, NO_LIMIT).covered()).isFalse();
    }

    @Test
    void doesNotCoverPositionsBeforeItsStart() {
        RecentEvents recent = with(100, 1 << 20, 101);

        assertThat(after(recent, 99, NO_LIMIT).covered()).isFalse();
        assertThat(after(recent, 100, NO_LIMIT).covered()).isTrue();
        assertThat(recent.head()).isEqualTo(101);
    }

    @Test
    void rejectsAPositionThatDoesNotRise() {
        RecentEvents recent = with(0, 1 << 20, 1, 2);

        assertThatThrownBy(() -> recent.add(events(2))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readIsBoundedInEvents() {
        RecentEvents recent = new RecentEvents(Long.MAX_VALUE);
        recent.add(LongStream.rangeClosed(1, 5_000)
                .mapToObj(RecentEventsTest::event)
                .toList());

        RecentEvents.Window window = after(recent, 0, NO_LIMIT);

        assertThat(window.events()).hasSize(1_024);
        assertThat(window.through()).isEqualTo(1_024);
    }

    @Test
    void evictedTransientEventsAreNotReportedAsMissing() {
        RecentEvents recent = with(0, 1, 1);
        for (int i = 1; i <= 3; i++) {
            recent.add(List.of(event(1 + i, "passing" + i, true)));
        }

        assertThat(recent.after(1, Long.MAX_VALUE, NO_LIMIT).events())
                .extracting(event -> event.id().value())
                .containsExactly("passing3");
        assertThat(after(recent, 0, NO_LIMIT).covered())
                .as("the kept event is in the log")
                .isFalse();
        assertThat(recent.transientEvent(new EventId("passing2"))).isEmpty();
        assertThat(recent.transientEvent(new EventId("passing3"))).isPresent();
    }

    @Test
    void evictionOfTransientEventsDoesNotShrinkTheCoveredRange() {
        RecentEvents recent = new RecentEvents(5 * event(1).heapBytes());
        recent.add(events(1));
        for (int i = 2; i < 20; i++) {
            recent.add(List.of(event(i, "passing" + i, true)));
        }

        assertThat(recent.joint()).isEqualTo(1);
        assertThat(after(recent, 1, NO_LIMIT).covered()).isTrue();
        assertThat(after(recent, 0, NO_LIMIT).covered()).isFalse();
        assertThat(recent.newestKept()).isEqualTo(1);
        assertThat(recent.head()).isEqualTo(19);
    }

    @Test
    void startsWithTheNewestEventsOfALog() {
        RecentEvents recent = new RecentEvents(7, events(8, 11), 15, 1 << 20);

        assertThat(after(recent, 7, NO_LIMIT).events())
                .extracting(Event::position)
                .containsExactly(8L, 11L);
        assertThat(after(recent, 6, NO_LIMIT).covered()).isFalse();
        assertThat(recent.head()).isEqualTo(15);
        assertThat(recent.newestKept()).isEqualTo(15);
    }
}
