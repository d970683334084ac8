package dev.herald.hub;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;
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

    private final AskedLog log = new AskedLog();
    private final MemoryBudget budget = new MemoryBudget(4 << 20);
    private final PageReader pages = new PageReader(log, budget);
    private final List<Taken> taken = new ArrayList<>();

    @AfterEach
    void close() {
        log.close();
    }

    private void read(long after, List<TopicSelector> selectors) {
        pages.read(after, selectors, (page, failure, giveBack) -> taken.add(new Taken(page, failure, giveBack)));
    }

    @Test
    void requestForAPageBeingReadSharesTheRead() {
        read(0, NEWS);
        read(0, List.of(TopicSelector.parse("news")));

        log.answers.get(0).complete(PAGE);

        assertThat(log.answers).hasSize(1);
        assertThat(taken).hasSize(2).allMatch(one -> one.page == PAGE);
    }

    @Test
    void requestForAPageInFlightGetsTheSamePageAtOnce() {
        read(0, NEWS);
        log.answers.get(0).complete(PAGE);

        read(0, NEWS);

        assertThat(log.answers).hasSize(1);
        assertThat(taken).hasSize(2).allMatch(one -> one.page == PAGE);
    }

    @Test
    void releasedPageIsReadAgain() {
        read(0, NEWS);
        read(0, NEWS);
        log.answers.get(0).complete(PAGE);

        taken.get(0).giveBack.run();
        read(0, NEWS);
        assertThat(log.answers).as("one has it still").hasSize(1);
        taken.get(1).giveBack.run();
        taken.get(2).giveBack.run();
        read(0, NEWS);

        assertThat(log.answers).hasSize(2);
        assertThat(taken).hasSize(3);
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
        EventLogException failure = new EventLogException("A test wants it.");
        read(0, NEWS);
        read(0, NEWS);

        log.answers.get(0).completeExceptionally(failure);

        assertThat(taken).hasSize(2).allMatch(one -> one.page == null && one.failure == failure);
        taken.forEach(one -> one.giveBack.run());
        read(0, NEWS);
        assertThat(log.answers).as("a failure is not kept").hasSize(2);
    }

    @Test
    void exceptionThrownByTheLogFailsThePage() {
        log.broken = true;

        read(0, NEWS);

        assertThat(taken).hasSize(1).allMatch(one -> one.failure instanceof IllegalStateException);
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

        taken.get(0).giveBack.run();
        assertThat(log.answers).as("one still has the first").hasSize(PageReader.PAGES_IN_FLIGHT);
        taken.get(1).giveBack.run();

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

        long inFlight = taken.size();
        assertThat(inFlight).isLessThan(20);
        assertThat(budget.hasRoom(1 << 20)).isFalse();
        for (int i = 0; i < taken.size(); i++) {
            taken.get(i).giveBack.run();
            for (int j = i; j < log.answers.size(); j++) {
                log.answers.get(j).complete(page);
            }
        }
        assertThat(taken).hasSize(100);
        assertThat(budget.reserved()).isZero();
    }

    private record Taken(Page page, Throwable failure, Runnable giveBack) {}

    /** Log whose reads the test completes. */
    private static final class AskedLog extends DelegatingLog {
        final List<CompletableFuture<Page>> answers = new ArrayList<>();
        boolean broken;

        AskedLog() {
            super(new MemoryEventLog(
                    Retention.of(1, 1 << 20), 1 << 20, 1 << 20, 1, MemoryBudget.unlimited(), Clock.systemUTC()));
        }

        @Override
        public CompletionStage<Page> read(long after, List<TopicSelector> selectors, int maxBytes) {
            if (broken) {
                throw new IllegalStateException("A test wants it.");
            }
            CompletableFuture<Page> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        }
    }
}
