package dev.herald.replay;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.hub.DelegatingLog;
import dev.herald.log.EventLogException;
import dev.herald.log.Page;
import dev.herald.log.Retention;
import dev.herald.log.TopicSnapshot;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests of reading a range of the log, partly from memory and partly page by page. */
class EventScanTest {
    private static final long PLENTY = 1L << 30;
    private static final int EVENTS = 1_000;

    private final ExecutorService steps = Executors.newSingleThreadExecutor();
    private final HeapShares heap = HeapShares.of(256 << 20, true);
    private MemoryEventLog log = log(1_000_000);
    private Replay replay = Replay.of(log, heap);

    /** With room for some of the events in memory, so that a scan reads pages first. */
    private static MemoryEventLog log(long maxEvents) {
        return new MemoryEventLog(
                Retention.of(maxEvents, PLENTY), PLENTY, 100_000, 100_000, MemoryBudget.unlimited(), Clock.systemUTC());
    }

    private void retain(long maxEvents) {
        replay.matcher().close();
        log.close();
        log = log(maxEvents);
        replay = Replay.of(log, heap);
    }

    @AfterEach
    void close() {
        steps.shutdownNow();
        replay.matcher().close();
        log.close();
        assertThat(heap.pages().reserved() + heap.expensivePages().reserved())
                .as("pages given back")
                .isZero();
    }

    private long append(String topic, boolean isPrivate) {
        return append(topic, isPrivate, "x".repeat(100));
    }

    private long append(String topic, boolean isPrivate, String data) {
        return done(log.append(new Update(
                        List.of(new Topic(topic)),
                        data,
                        isPrivate,
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty())))
                .position();
    }

    /** Positions of public events of {@code a}; between them are events of {@code b} and private ones. */
    private List<Long> fill() {
        List<Long> wanted = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            wanted.add(append("a", false));
            append("b", false);
            append("a", true);
        }
        return wanted;
    }

    private static List<TopicSelector> selectors(String... texts) {
        return Stream.of(texts).map(TopicSelector::parse).toList();
    }

    private EventScan scan(long after, List<TopicSelector> selectors, List<TopicSelector> grants) {
        return new EventScan(log.recent(), replay, selectors, grants, after, false, Optional.empty(), steps);
    }

    private static Result readAll(EventScan scan) {
        List<Long> positions = new ArrayList<>();
        boolean gap = false;
        while (true) {
            try (EventScan.Batch batch = done(scan.next())) {
                positions.addAll(batch.events().stream().map(Event::position).toList());
                gap |= batch.gap();
                assertThat(batch.events()).allMatch(event -> event.position() <= batch.through());
                if (batch.last()) {
                    return new Result(positions, gap, batch.through());
                }
            }
        }
    }

    private record Result(List<Long> positions, boolean gap, long through) {}

    @Test
    void readsWhatIsSelectedAndPermittedFromPagesAndMemory() {
        List<Long> wanted = fill();
        assertThat(log.recent().coveredAfter()).isBetween(EVENTS + 1L, 3L * EVENTS - 1);

        Result result = readAll(scan(0, selectors("a"), List.of()));

        assertThat(result.positions).isEqualTo(wanted);
        assertThat(result.gap).isFalse();
        assertThat(result.through).isEqualTo(log.recent().head());
        assertThat(readAll(scan(0, selectors("a"), selectors("a"))).positions).hasSize(2 * EVENTS);
        assertThat(readAll(scan(wanted.get(500), selectors("a"), List.of())).positions)
                .isEqualTo(wanted.subList(501, EVENTS));
    }

    /** Expensive selectors are matched on a thread of their own. */
    @Test
    void expensiveSelectorsReadTheSame() {
        List<Long> wanted = fill();
        List<TopicSelector> expensive = Stream.concat(
                        Stream.of("a"), IntStream.range(0, 1_000).mapToObj(i -> "/{a}/{b}/{c}/" + i))
                .map(TopicSelector::parse)
                .toList();
        assertThat(TopicSelector.expensive(expensive)).isTrue();

        assertThat(readAll(scan(0, expensive, List.of())).positions).isEqualTo(wanted);
    }

    @Test
    void endsAtTheHeadOfItsBeginning() {
        append("a", false);
        EventScan scan = scan(0, selectors("a"), List.of());
        append("a", false);

        assertThat(readAll(scan).positions).hasSize(1);
        assertThat(readAll(scan).positions).as("called again").isEmpty();
    }

    @Test
    void emptyRangeIsOneEmptyBatch() {
        long head = append("a", false);
        EventScan scan = scan(head, selectors("a"), List.of());
        fill();

        assertThat(readAll(scan).through).isEqualTo(head);
    }

    /** Each event is larger than a page. */
    @Test
    void eventsLargerThanAPageAreReadOneByOne() {
        List<Long> wanted = LongStream.range(0, 5)
                .map(i -> append("a", false, "x".repeat(100_000)))
                .boxed()
                .toList();

        assertThat(readAll(scan(0, selectors("a"), List.of())).positions).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eventsThatRetentionHasRemovedAreAGapUnlessTheScanStartsWithTheOldest(boolean oldest) {
        retain(100);
        fill();

        Result result = readAll(
                new EventScan(log.recent(), replay, selectors("*"), List.of(), 3, oldest, Optional.empty(), steps));

        assertThat(result.gap).isEqualTo(!oldest);
        assertThat(result.positions).isNotEmpty().allMatch(position -> position > log.horizon());
        assertThat(result.through).isEqualTo(log.recent().head());
    }

    @Test
    void closedExecutorFailsTheBatch() {
        fill();
        EventScan scan = scan(0, selectors("a"), List.of());
        steps.shutdownNow();

        CompletionStage<EventScan.Batch> batch = scan.next();

        assertThatThrownBy(() -> done(batch)).hasRootCauseInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void q18SnapshotIsReadAloneUpToItsPosition() {
        fill();
        long newest = append("b", false);
        TopicSnapshot snapshot = done(log.latest(selectors("a", "b"), List.of(), () -> false));
        append("a", false);

        Result result = readAll(new EventScan(
                log.recent(),
                replay,
                selectors("a", "b"),
                List.of(),
                snapshot.start(),
                false,
                Optional.of(snapshot),
                steps));

        assertThat(result.positions).hasSize(2).endsWith(newest);
        assertThat(result.through).isEqualTo(newest);
        assertThat(result.gap).isFalse();
    }

    @Test
    void failureOfTheLogFailsTheBatch() {
        fill();
        Replay failing = Replay.of(
                new DelegatingLog(log) {
                    @Override
                    public CompletionStage<Page> read(long after, List<TopicSelector> wanted, int maxBytes) {
                        return CompletableFuture.failedStage(new EventLogException("Injected error."));
                    }
                },
                heap);

        CompletionStage<EventScan.Batch> batch = new EventScan(
                        log.recent(), failing, selectors("a"), List.of(), 0, false, Optional.empty(), steps)
                .next();

        assertThatThrownBy(() -> done(batch)).hasRootCauseMessage("Injected error.");
        failing.matcher().close();
    }
}
