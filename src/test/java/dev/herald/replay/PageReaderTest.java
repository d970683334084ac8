package dev.herald.replay;

import java.time.Clock;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.hub.DelegatingLog;
import dev.herald.log.EventLogException;
import dev.herald.log.Page;
import dev.herald.log.Retention;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

import static org.assertj.core.api.Assertions.assertThat;

class PageReaderTest {
    private static final List<TopicSelector> NEWS = List.of(TopicSelector.parse("news"));
    private static final List<TopicSelector> ALL = List.of(TopicSelector.parse("*"));
    private static final Page PAGE = new Page(0, List.of(), 7);

    private final PendingReadsLog log = new PendingReadsLog();
    private final MemoryBudget budget = new MemoryBudget(4 << 20);
    private final PageReader pages = new PageReader(log, budget);
    private final List<Received> received = new ArrayList<>();

    @AfterEach
    void close() {
        log.close();
    }

    private void read(long after, List<TopicSelector> selectors) {
        pages.read(
                after,
                selectors,
                Optional.empty(),
                (page, failure, release) -> received.add(new Received(page, failure, release)));
    }

    @Test
    void requestForAPageBeingReadSharesTheRead() {
        read(0, NEWS);
        read(0, List.of(TopicSelector.parse("news")));

        log.answers.get(0).complete(PAGE);

        assertThat(log.answers).hasSize(1);
        assertThat(received).hasSize(2).allMatch(one -> one.page == PAGE);
    }

    @Test
    void requestForAPageInFlightGetsTheSamePageAtOnce() {
        read(0, NEWS);
        log.answers.get(0).complete(PAGE);

        read(0, NEWS);

        assertThat(log.answers).hasSize(1);
        assertThat(received).hasSize(2).allMatch(one -> one.page == PAGE);
    }

    @Test
    void releasedPageIsReadAgain() {
        read(0, NEWS);
        read(0, NEWS);
        log.answers.get(0).complete(PAGE);

        received.get(0).release.run();
        read(0, NEWS);
        assertThat(log.answers).as("one reader still uses it").hasSize(1);
        received.get(1).release.run();
        received.get(2).release.run();
        read(0, NEWS);

        assertThat(log.answers).hasSize(2);
        assertThat(received).hasSize(3);
    }

    @Test
    void differentPositionsAndSelectorsAreReadSeparately() {
        read(0, NEWS);
        read(1, NEWS);
        read(0, ALL);

        assertThat(log.answers).hasSize(3);
    }

    @Test
    void failedReadIsReportedToAllWaitersAndRetriedNextTime() {
        EventLogException failure = new EventLogException("Injected error.");
        read(0, NEWS);
        read(0, NEWS);

        log.answers.get(0).completeExceptionally(failure);

        assertThat(received).hasSize(2).allMatch(one -> one.page == null && one.failure == failure);
        received.forEach(one -> one.release.run());
        read(0, NEWS);
        assertThat(log.answers).as("a failure is not kept").hasSize(2);
    }

    @Test
    void exceptionThrownByTheLogFailsThePage() {
        log.broken = true;

        read(0, NEWS);

        assertThat(received).hasSize(1).allMatch(one -> one.failure instanceof IllegalStateException);
    }

    @ParameterizedTest
    @MethodSource("dev.herald.hub.ErrorsTest#errors")
    void invariant8PageThatCannotBeMeasuredIsAFailureAndNotKept(Supplier<Error> error) {
        read(0, NEWS);
        read(0, NEWS);
        Event event = Event.of(1, new EventId("1"), Instant.EPOCH, false, Update.of(new Topic("t"), "x"));

        log.answers.get(0).complete(new Page(0, List.of(withTopics(event, new FailingTopics(error))), 1));

        assertThat(received).hasSize(2).allMatch(one -> one.page == null && one.failure instanceof Error);
        received.forEach(one -> one.release.run());
        assertThat(budget.reserved()).isZero();
        read(0, NEWS);
        assertThat(log.answers).hasSize(2);
    }

    private static Event withTopics(Event event, List<Topic> topics) {
        return new Event(
                event.position(),
                event.id(),
                event.acceptedAt(),
                topics,
                event.isPrivate(),
                event.isTransient(),
                event.type(),
                event.retryMillis(),
                event.data(),
                event.frame());
    }

    @Test
    void pagesInFlightAreBoundedHoweverManyReadersShareEach() {
        IntStream.rangeClosed(0, PageReader.PAGES_IN_FLIGHT).forEach(after -> {
            read(after, NEWS);
            read(after, NEWS);
        });
        for (int i = 0; i < PageReader.PAGES_IN_FLIGHT; i++) {
            log.answers.get(i).complete(PAGE);
        }
        assertThat(log.answers).hasSize(PageReader.PAGES_IN_FLIGHT);

        received.get(0).release.run();
        assertThat(log.answers).as("one reader still uses the first").hasSize(PageReader.PAGES_IN_FLIGHT);
        received.get(1).release.run();

        assertThat(log.answers).hasSize(PageReader.PAGES_IN_FLIGHT + 1);
    }

    @Test
    void concurrentReadsAreFewWhileTheirSizesAreUnknown() {
        IntStream.range(0, 100).forEach(after -> read(after, NEWS));
        int atOnce = log.answers.size();

        log.answers.get(0).complete(PAGE);

        assertThat(atOnce).isLessThan(20);
        assertThat(log.answers).hasSize(atOnce + 1);
    }

    @Test
    void pagesOfLargeEventsAreReadOnlyWhileTheBudgetHasRoom() {
        Event large =
                Event.of(1, new EventId("large"), Instant.EPOCH, false, Update.of(new Topic("t"), "x".repeat(1 << 20)));
        Page page = new Page(0, List.of(large), 1);
        IntStream.range(0, 100).forEach(after -> read(after, NEWS));

        for (int i = 0; i < log.answers.size(); i++) {
            log.answers.get(i).complete(page);
        }

        long inFlight = received.size();
        assertThat(inFlight).isLessThan(20);
        assertThat(budget.hasRoom(1 << 20)).isFalse();
        for (int i = 0; i < received.size(); i++) {
            received.get(i).release.run();
            for (int j = i; j < log.answers.size(); j++) {
                log.answers.get(j).complete(page);
            }
        }
        assertThat(received).hasSize(100);
        assertThat(budget.reserved()).isZero();
    }

    /** Topic list whose access fails. */
    private static final class FailingTopics extends AbstractList<Topic> {
        private final Supplier<Error> error;

        FailingTopics(Supplier<Error> error) {
            this.error = error;
        }

        @Override
        public Topic get(int index) {
            throw error.get();
        }

        @Override
        public int size() {
            return 1;
        }
    }

    private record Received(Page page, Throwable failure, Runnable release) {}

    /** Log whose reads complete when the test completes them. */
    private static final class PendingReadsLog extends DelegatingLog {
        final List<CompletableFuture<Page>> answers = new ArrayList<>();
        boolean broken;

        PendingReadsLog() {
            super(new MemoryEventLog(
                    Retention.of(1, 1 << 20), 1 << 20, 1 << 20, 1, MemoryBudget.unlimited(), Clock.systemUTC()));
        }

        @Override
        public CompletionStage<Page> read(long after, List<TopicSelector> selectors, int maxBytes) {
            if (broken) {
                throw new IllegalStateException("Injected error.");
            }
            CompletableFuture<Page> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        }
    }
}
