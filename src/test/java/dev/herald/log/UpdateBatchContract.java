package dev.herald.log;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import dev.herald.MovingClock;
import dev.herald.Patience;
import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Fingerprint;
import dev.herald.event.IdempotencyKey;
import dev.herald.event.Receipt;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract tests of {@link EventLog#append(UpdateBatch)} (PROTOCOL Q14, Q15), for each implementation. */
public abstract class UpdateBatchContract extends TopicSnapshotContract {
    static final Duration LIFETIME = Duration.ofMinutes(10);
    static final Retention PLENTY = Retention.of(1_000_000, 1L << 30);

    /** Creates an empty log with this retention and clock. */
    protected abstract EventLog create(Retention retention, Clock clock);

    private static UpdateBatch batch(String data, int count) {
        return new UpdateBatch(updates(data, count), Optional.empty());
    }

    private static UpdateBatch batch(String key, String data, int count) {
        return keyed(key, updates(data, count));
    }

    /** Batch with a key, as a publisher sends it. */
    protected static UpdateBatch keyed(String key, List<Update> updates) {
        Fingerprint.Builder content = new Fingerprint.Builder();
        updates.forEach(update -> update.addTo(content));
        return new UpdateBatch(
                updates,
                Optional.of(
                        new IdempotencyKey(new Fingerprint.Builder().add(key).build(), content.build())));
    }

    /** Batch of one update with a key of this publisher. */
    protected static UpdateBatch of(String publisher, int key) {
        Fingerprint name = new Fingerprint.Builder().add(publisher).build();
        return new UpdateBatch(
                updates(publisher, 1),
                Optional.of(new IdempotencyKey(
                        IdempotencyKey.name(name, "key " + key),
                        new Fingerprint.Builder().add(publisher).build())));
    }

    /** Appends batches with new keys at once; returns how many have no room. */
    protected static long rejected(EventLog log, String publisher, int firstKey, int count) {
        List<CompletionStage<Receipt>> receipts = IntStream.range(firstKey, firstKey + count)
                .mapToObj(key -> log.append(of(publisher, key)))
                .toList();
        return receipts.stream()
                .map(receipt -> done(receipt.handle((done, failure) -> Optional.ofNullable(failure))))
                .flatMap(Optional::stream)
                .map(failure -> failure instanceof CompletionException ? failure.getCause() : failure)
                .peek(failure -> assertThat(failure).isInstanceOf(KeysFullException.class))
                .count();
    }

    private static List<Update> updates(String data, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Update.of(TOPIC, data + "-" + i))
                .toList();
    }

    private static List<Event> all(EventLog log) {
        return readAll(log, log.horizon(), ALL, NO_LIMIT);
    }

    private static List<String> data(EventLog log) {
        return all(log).stream().map(event -> event.data().toString()).toList();
    }

    private static void failsWith(Class<?> type, CompletionStage<?> stage) {
        assertThat(stage.toCompletableFuture())
                .failsWithin(Patience.LIMIT)
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOf(type);
    }

    @Test
    void batchIsAppendedInItsOrder() {
        EventLog log = open();

        Receipt receipt = done(log.append(batch("a", 3_000)));

        assertThat(receipt.repeated()).isFalse();
        assertThat(all(log)).extracting(Event::id).isEqualTo(receipt.ids());
        assertThat(data(log))
                .containsExactlyElementsOf(
                        IntStream.range(0, 3_000).mapToObj(i -> "a-" + i).toList());
        assertThat(log.stats().appends().events()).isEqualTo(3_000);
    }

    @Test
    void noOtherUpdateIsBetweenThoseOfABatch() throws Exception {
        EventLog log = open();
        ExecutorService publishers = Executors.newFixedThreadPool(4);
        for (int p = 0; p < 4; p++) {
            String name = "p" + p;
            publishers.execute(() -> {
                for (int i = 0; i < 50; i++) {
                    log.append(Update.of(TOPIC, "single"));
                    log.append(batch(name + "." + i, 40));
                }
            });
        }
        publishers.shutdown();
        assertThat(publishers.awaitTermination(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        done(log.append(Update.of(TOPIC, "last")));

        List<String> data = data(log);

        assertThat(data).hasSize(4 * 50 * 41 + 1);
        for (int i = 0; i < data.size(); i++) {
            if (data.get(i).endsWith("-0")) {
                String name = data.get(i).substring(0, data.get(i).length() - 1);
                assertThat(data.subList(i, i + 40))
                        .isEqualTo(
                                IntStream.range(0, 40).mapToObj(n -> name + n).toList());
            }
        }
    }

    @Test
    void repeatedBatchGetsTheSameIdsAndIsAppendedOnce() {
        EventLog log = open();
        UpdateBatch batch = batch("k", "a", 5);
        Receipt first = done(log.append(batch));
        done(log.append(batch("b", 1)));

        Receipt second = done(log.append(batch));
        Receipt third = done(log.append(batch));

        assertThat(second.ids()).isEqualTo(first.ids());
        assertThat(second.repeated()).isTrue();
        assertThat(third).isEqualTo(second);
        assertThat(data(log)).containsExactly("a-0", "a-1", "a-2", "a-3", "a-4", "b-0");
        assertThat(log.stats().appends().repeated()).isEqualTo(2);
        assertThat(log.stats().keys().count()).isEqualTo(1);
    }

    @Test
    void idsOfABatchWithAKeyAreThePublishersOrVersion7() {
        EventLog log = open();
        Update own = withId("own");
        UpdateBatch batch = keyed(
                "k", Stream.concat(Stream.of(own), updates("a", 100).stream()).toList());

        List<EventId> ids = done(log.append(batch)).ids();

        assertThat(ids).doesNotHaveDuplicates().startsWith(new EventId("own"));
        assertThat(ids.subList(1, ids.size())).allSatisfy(id -> assertThat(id.value())
                .matches("urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
        assertThat(all(log)).extracting(Event::id).isEqualTo(ids);
        assertThat(done(log.append(batch)).ids()).isEqualTo(ids);
    }

    @Test
    void concurrentBatchesWithOneKeyAreAppendedOnce() {
        EventLog log = open();
        UpdateBatch batch = batch("k", "a", 3);

        List<CompletionStage<Receipt>> sent =
                IntStream.range(0, 200).mapToObj(i -> log.append(batch)).toList();

        Set<List<EventId>> answers = new HashSet<>();
        sent.forEach(stage -> answers.add(done(stage).ids()));
        assertThat(answers).hasSize(1);
        assertThat(sent).filteredOn(stage -> !done(stage).repeated()).hasSize(1);
        assertThat(data(log)).containsExactly("a-0", "a-1", "a-2");
    }

    @Test
    void keyWithOtherUpdatesFailsAndAppendsNothing() {
        EventLog log = open();
        List<CompletionStage<Receipt>> others = new ArrayList<>();
        // The first of these may wait for the same transaction.
        CompletionStage<Receipt> first = log.append(batch("k", "a", 2));
        others.add(log.append(batch("k", "b", 2)));
        done(first);
        others.add(log.append(batch("k", "a", 1)));
        others.add(log.append(batch("k", "a", 3)));
        others.add(log.append(keyed(
                "k",
                List.of(
                        new Update(
                                List.of(TOPIC), "a-0", true, Optional.empty(), Optional.empty(), OptionalLong.empty()),
                        Update.of(TOPIC, "a-1")))));

        others.forEach(stage -> failsWith(KeyReusedException.class, stage));
        assertThat(data(log)).containsExactly("a-0", "a-1");
        assertThat(done(log.append(batch("other", "a", 2))).repeated()).isFalse();
    }

    /** Otherwise a topic could become part of the data, and an id a type. */
    @Test
    void updatesThatDifferInOneFieldAreOthers() {
        List<Update> updates = List.of(
                Update.of(TOPIC, "x"),
                Update.of(new Topic("newsx"), ""),
                new Update(
                        List.of(TOPIC, new Topic("x")),
                        "",
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty()),
                new Update(List.of(TOPIC), "x", true, Optional.empty(), Optional.empty(), OptionalLong.empty()),
                new Update(List.of(TOPIC), "x", false, Optional.empty(), Optional.empty(), OptionalLong.of(0)),
                withId("x"));

        assertThat(updates.stream()
                        .map(update -> keyed("k", List.of(update)).key().orElseThrow()))
                .doesNotHaveDuplicates();
    }

    @Test
    void expiredKeyIsAppendedAgain() {
        MovingClock clock = new MovingClock();
        try (EventLog log = create(PLENTY, clock)) {
            Receipt first = done(log.append(batch("k", "a", 1)));
            clock.advance(LIFETIME);
            assertThat(done(log.append(batch("k", "a", 1))).repeated()).isTrue();

            clock.advance(Duration.ofSeconds(1));
            Receipt again = done(log.append(batch("k", "b", 1)));

            assertThat(again.repeated()).isFalse();
            assertThat(again.ids()).isNotEqualTo(first.ids());
            assertThat(done(log.append(batch("k", "b", 1))).ids()).isEqualTo(again.ids());
            assertThat(data(log)).containsExactly("a-0", "b-0");
            assertThat(log.stats().keys().count()).isEqualTo(1);
        }
    }

    @Test
    void expiredKeysAreRemovedWithoutPublishing() {
        MovingClock clock = new MovingClock();
        try (EventLog log = create(PLENTY, clock)) {
            IntStream.range(0, 3_000).forEach(i -> log.append(batch("k" + i, "a", 1)));
            done(log.append(batch("a", 1)));
            assertThat(log.stats().keys().count()).isEqualTo(3_000);

            clock.advance(LIFETIME.plusSeconds(1));

            eventually().until(() -> log.stats().keys().count() == 0);
            assertThat(all(log)).hasSize(3_001);
        }
    }

    /** Otherwise a clock that was wrong for a moment would fill the log with keys that never expire. */
    @Test
    void keyFromTheFutureIsForgotten() {
        MovingClock clock = new MovingClock();
        try (EventLog log = create(PLENTY, clock)) {
            done(log.append(batch("k", "a", 1)));

            clock.advance(Duration.ofDays(-365));

            eventually().until(() -> log.stats().keys().count() == 0);
            assertThat(done(log.append(batch("k", "a", 1))).repeated()).isFalse();
        }
    }

    @Test
    void keyOutlivesItsEvents() {
        EventLog log = open(2, 1L << 30);
        Receipt first = done(log.append(batch("k", "a", 2)));
        done(log.append(batch("b", 2)));
        assertThat(data(log)).containsExactly("b-0", "b-1");

        assertThat(done(log.append(batch("k", "a", 2))).ids()).isEqualTo(first.ids());

        assertThat(data(log)).containsExactly("b-0", "b-1");
    }

    @Test
    void keyBeyondTheLimitIsRejectedUntilOthersExpire() {
        MovingClock clock = new MovingClock();
        try (EventLog log = create(PLENTY.with(new Retention.Keys(LIFETIME, 3)), clock)) {
            for (int i = 0; i < 3; i++) {
                done(log.append(batch("k" + i, "a", 1)));
            }

            clock.advance(LIFETIME.minusMillis(1_500));
            assertThat(log.append(batch("k3", "b", 1)).toCompletableFuture())
                    .failsWithin(Patience.LIMIT)
                    .withThrowableOfType(ExecutionException.class)
                    .satisfies(failure -> assertThat(failure.getCause())
                            .isInstanceOfSatisfying(
                                    KeysFullException.class,
                                    full -> assertThat(full.retryAfterSeconds()).isEqualTo(2)));
            assertThat(done(log.append(batch("k0", "a", 1))).repeated())
                    .as("a kept key")
                    .isTrue();
            done(log.append(batch("without", 1)));

            clock.advance(Duration.ofSeconds(2));
            assertThat(done(log.append(batch("k3", "b", 1))).repeated()).isFalse();
            assertThat(data(log)).containsExactly("a-0", "a-0", "a-0", "without-0", "b-0");
            assertThat(log.stats().keys()).isEqualTo(new LogStats.Keys(1, 3));
        }
    }

    @Test
    void closedLogRejectsBatches() {
        EventLog log = open();
        log.close();

        failsWith(LogClosedException.class, log.append(batch("a", 2)));
    }
}
