package dev.herald.log;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
        assertThat(window.through()).as("no event between 5 and 8").isEqualTo(8);
    }

    @Test
    void removedEventsLeaveNoGapInTheRing() {
        RecentEvents recent = new RecentEvents(1 << 20);
        recent.add(events(1, 2, 3, 4, 5));

        recent.remove(event -> event.position() % 2 == 0);

        assertThat(after(recent, 0, NO_LIMIT).events())
                .extracting(RecentEventsTest::number)
                .containsExactly(1L, 3L, 5L);
        assertThat(recent.after(1, 2, NO_LIMIT).through()).isEqualTo(2);
        recent.add(events(6));
        assertThat(after(recent, 3, NO_LIMIT).events())
                .extracting(RecentEventsTest::number)
                .containsExactly(5L, 6L);
    }

    @Test
    void newestPublicIdIsForgottenOnlyWithItsOwnEvent() {
        RecentEvents recent = new RecentEvents(2 * event(1).heapBytes());
        recent.add(events(1));
        for (int position = 2; position <= 9; position++) {
            recent.add(List.of(privateEvent(position)));
        }

        recent.remove(event -> event.position() == 9);

        assertThat(recent.newestPublic(0)).as("evicted by private events").contains(new EventId("e1"));
        recent.add(events(10));
        recent.remove(event -> event.position() == 10);
        assertThat(recent.newestPublic(0)).isEmpty();
    }

    private static Event privateEvent(long position) {
        return Event.of(
                position,
                new EventId("p" + position),
                Instant.EPOCH,
                false,
                new Update(
                        List.of(new Topic("t")),
                        "x".repeat(500),
                        true,
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty()));
    }

    /** A ring of 64 whose first event is not in the first place. */
    @Test
    void eventsOfARotatedRingAreRemovedWithTheirBytes() {
        long one = event(1).heapBytes();
        RecentEvents recent = new RecentEvents(50 * one + 200);
        recent.add(events(LongStream.rangeClosed(1, 90).toArray()));
        int before = recent.size();

        recent.remove(event -> event.position() != 70 && event.position() != 90);

        assertThat(before).isBetween(45, 50);
        assertThat(after(recent, 60, NO_LIMIT).events())
                .extracting(RecentEventsTest::number)
                .containsExactly(70L, 90L);
        assertThat(recent.heapBytes())
                .isEqualTo(event(70).heapBytes() + event(90).heapBytes());
        recent.remove(event -> true);
        assertThat(recent.heapBytes()).isZero();
        assertThat(recent.head()).isEqualTo(90);
        assertThat(after(recent, 60, NO_LIMIT).covered()).isTrue();
        recent.add(events(91));
        assertThat(recent.size()).isEqualTo(1);
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
        assertThat(1_000 - oldest).as("retained events").isBetween(9L, 11L);
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

        assertThat(recent.coveredAfter()).isEqualTo(1);
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
