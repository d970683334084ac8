package dev.herald.cluster;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.herald.Patience;
import dev.herald.cluster.SharedEvent.Kind;
import dev.herald.cluster.SharedSession.Extent;
import dev.herald.cluster.SharedSession.Reply;
import dev.herald.event.EventId;
import dev.herald.event.EventType;
import dev.herald.event.Fingerprint;
import dev.herald.event.IdempotencyKey;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.identity.Revocation;
import dev.herald.identity.Revocation.Target;
import dev.herald.log.Purge;
import dev.herald.log.Retention;
import dev.herald.log.local.StoredKey;

import static org.assertj.core.api.Assertions.assertThat;

/** Contract tests of {@link SharedLog}, extended by the test of each implementation. */
public abstract class SharedLogContract {
    protected static final Topic TOPIC = new Topic("news");
    private static final Retention.Keys KEYS = Retention.Keys.DEFAULT;
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final List<SharedSession> sessions = new ArrayList<>();

    /** The log of this test, which is empty at first. */
    protected abstract SharedLog log();

    @AfterEach
    void closeSessions() {
        sessions.forEach(SharedSession::close);
    }

    protected final SharedSession session() {
        SharedSession session = log().connect();
        sessions.add(session);
        return session;
    }

    protected static SharedBatch batch(String data, int count) {
        return new SharedBatch(UUID.randomUUID(), List.of(updates(data, count, Optional.empty())));
    }

    protected static SharedBatch.Updates updates(String data, int count, Optional<StoredKey> key) {
        List<Update> updates = IntStream.range(0, count)
                .mapToObj(i -> Update.of(TOPIC, data + "-" + i))
                .toList();
        List<Optional<EventId>> ids = IntStream.range(0, count)
                .mapToObj(i -> Optional.of(new EventId("id-" + data + "-" + i)))
                .toList();
        return new SharedBatch.Updates(updates, ids, false, key);
    }

    protected static StoredKey key(String name, String content) {
        return new StoredKey(
                new IdempotencyKey(
                        new Fingerprint.Builder().add(name).build(),
                        new Fingerprint.Builder().add(content).build()),
                0,
                Instant.parse("2026-03-01T12:00:00.123456Z"),
                new Fingerprint(name.hashCode(), 2));
    }

    protected static List<AppendedBatch> readAll(SharedSession session) {
        List<AppendedBatch> all = new ArrayList<>();
        long at = session.extent().horizon();
        for (List<AppendedBatch> next = session.read(at, NO_LIMIT);
                !next.isEmpty();
                next = session.read(at, NO_LIMIT)) {
            all.addAll(next);
            at = next.get(next.size() - 1).last();
        }
        return all;
    }

    protected static List<String> data(SharedSession session) {
        return readAll(session).stream()
                .flatMap(batch -> batch.events().stream())
                .map(event -> new String(event.data(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void newLogIsEmptyAndHasOneIdentity() {
        SharedSession one = session();
        SharedSession other = session();

        assertThat(one.extent()).isEqualTo(new Extent(0, 0));
        assertThat(one.read(0, NO_LIMIT)).isEmpty();
        assertThat(other.identity().key()).isEqualTo(one.identity().key()).hasSize(16);
        assertThat(other.identity().generations().current())
                .isEqualTo(one.identity().generations().current());
    }

    @Test
    void batchIsReadAsItWasAppendedByEverySession() {
        Update update = new Update(
                List.of(new Topic("https://example.com/a b"), new Topic("ünïcode")),
                "several\nlines\rof\r\ntext \u0000 🐎",
                true,
                Optional.of(new EventId("[\"a/b:c\"]")),
                Optional.of(new EventType("ünïcode")),
                OptionalLong.of(7));
        SharedBatch batch = new SharedBatch(
                UUID.randomUUID(),
                List.of(
                        new SharedBatch.Updates(List.of(update), List.of(update.id()), false, Optional.empty()),
                        new SharedBatch.Updates(
                                List.of(Update.of(TOPIC, "")), List.of(Optional.empty()), true, Optional.empty())));
        Instant before = Instant.now();

        Reply reply = session().append(batch, KEYS);

        assertThat(reply.outcomes()).containsExactly(Outcome.APPENDED, Outcome.APPENDED);
        AppendedBatch read = session().read(0, NO_LIMIT).get(0);
        assertThat(read.token()).isEqualTo(batch.token());
        assertThat(read.first()).isEqualTo(1);
        assertThat(read.last()).isEqualTo(2).isEqualTo(reply.through());
        assertThat(read.acceptedAt())
                .isBetween(before.minusSeconds(60), Instant.now().plusSeconds(60));
        assertThat(read.events())
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(
                        SharedEvent.of(1, false, update.id(), update),
                        SharedEvent.of(2, true, Optional.empty(), Update.of(TOPIC, "")));
    }

    @Test
    void positionsOfConcurrentSessionsAreDenseAndReadersSeeNoHole() {
        int writers = 4;
        int each = 40;
        SharedSession reader = session();
        List<CompletableFuture<Void>> writing = IntStream.range(0, writers)
                .mapToObj(writer -> {
                    SharedSession session = session();
                    return CompletableFuture.runAsync(() -> {
                        for (int i = 0; i < each; i++) {
                            session.append(batch(writer + "." + i, 3), KEYS);
                        }
                    });
                })
                .toList();

        long at = 0;
        while (at < (long) writers * each * 3) {
            for (AppendedBatch batch : reader.read(at, NO_LIMIT)) {
                assertThat(batch.first()).isEqualTo(at + 1);
                assertThat(batch.events()).extracting(SharedEvent::position).containsExactly(at + 1, at + 2, at + 3);
                at = batch.last();
            }
        }

        writing.forEach(Patience::done);
        assertThat(reader.extent()).isEqualTo(new Extent(0, at));
    }

    @Test
    void batchWithAnAppendedTokenIsNotAppendedAgain() {
        SharedBatch batch = batch("a", 2);
        Reply first = session().append(batch, KEYS);
        session().append(batch("b", 1), KEYS);

        Reply again = session().append(batch, KEYS);

        assertThat(again.outcomes()).isEqualTo(first.outcomes());
        assertThat(again.through()).isGreaterThanOrEqualTo(first.through());
        assertThat(data(session())).containsExactly("a-0", "a-1", "b-0");
    }

    @Test
    void batchWithAnAppendedTokenAndKeysGetsTheSameOutcomes() {
        session()
                .append(
                        new SharedBatch(UUID.randomUUID(), List.of(updates("old", 2, Optional.of(key("k", "x"))))),
                        KEYS);
        SharedBatch batch = new SharedBatch(
                UUID.randomUUID(),
                List.of(
                        updates("k", 2, Optional.of(key("k", "x"))),
                        updates("plain", 1, Optional.empty()),
                        updates("new", 1, Optional.of(key("n", "y")))));
        Reply first = session().append(batch, KEYS);

        Reply again = session().append(batch, KEYS);

        assertThat(first.outcomes()).element(0).isInstanceOfSatisfying(Outcome.Repeated.class, repeated -> assertThat(
                        repeated.key())
                .isEqualTo(new StoredKey(
                        key("k", "x").key(),
                        1,
                        key("k", "x").acceptedAt(),
                        key("k", "x").seed())));
        assertThat(first.outcomes().subList(1, 3)).containsOnly(Outcome.APPENDED);
        assertThat(first.keys()).isEqualTo(2);
        assertThat(again.outcomes()).isEqualTo(first.outcomes());
        assertThat(data(session())).containsExactly("old-0", "old-1", "plain-0", "new-0");
    }

    @Test
    void keyBeyondTheLimitIsRejectedAndTheRestOfTheBatchIsAppended() {
        Retention.Keys one = new Retention.Keys(Duration.ofMinutes(10), 1);
        SharedSession session = session();
        session.append(new SharedBatch(UUID.randomUUID(), List.of(updates("a", 1, Optional.of(key("a", "x"))))), one);

        Reply reply = session.append(
                new SharedBatch(
                        UUID.randomUUID(),
                        List.of(updates("b", 1, Optional.of(key("b", "x"))), updates("c", 1, Optional.empty()))),
                one);

        assertThat(reply.outcomes()).element(0).isInstanceOfSatisfying(Outcome.KeysFull.class, full -> assertThat(
                        full.untilRoom())
                .isBetween(Duration.ofMinutes(1), Duration.ofMinutes(10)));
        assertThat(reply.outcomes()).element(1).isEqualTo(Outcome.APPENDED);
        assertThat(reply.keys()).isEqualTo(1);
        assertThat(data(session)).containsExactly("a-0", "c-0");
    }

    @Test
    void expiredKeysAreForgotten() {
        Retention.Keys brief = new Retention.Keys(Duration.ofMillis(1), 10);
        SharedSession session = session();
        SharedBatch.Updates updates = updates("a", 1, Optional.of(key("a", "x")));
        session.append(new SharedBatch(UUID.randomUUID(), List.of(updates)), KEYS);
        assertThat(session.maintain(Retention.of(10, 10).with(KEYS)).keys()).isEqualTo(1);

        Patience.eventually()
                .until(() -> session.maintain(Retention.of(10, 10).with(brief)).keys() == 0);

        Reply again = session.append(new SharedBatch(UUID.randomUUID(), List.of(updates)), KEYS);
        assertThat(again.outcomes()).containsExactly(Outcome.APPENDED);
        assertThat(again.keys()).isEqualTo(1);
    }

    @Test
    void readEndsAfterTheBatchThatReachesTheLimit() {
        SharedSession session = session();
        session.append(batch("a", 10), KEYS);
        session.append(batch("b", 10), KEYS);

        assertThat(session.read(0, 1)).hasSize(1);
        assertThat(session.read(0, NO_LIMIT)).hasSize(2);
        assertThat(session.read(5, 1))
                .as("from within a batch")
                .element(0)
                .extracting(AppendedBatch::first)
                .isEqualTo(1L);
        assertThat(session.read(20, 1)).isEmpty();
    }

    @Test
    void findsTokensAndEventsByTheirPositions() {
        SharedSession session = session();
        SharedBatch batch = batch("a", 2);
        session.append(batch, KEYS);

        assertThat(session.token(2)).contains(batch.token());
        assertThat(session.token(1)).isEmpty();
        assertThat(session.event(2).flatMap(SharedEvent::id)).contains(new EventId("id-a-1"));
        assertThat(session.event(3)).isEmpty();
    }

    @Test
    void ringWakesASessionThatWaits() {
        SharedSession waiting = session();
        waiting.awaitRing(Duration.ZERO);
        CompletableFuture<Void> woken =
                CompletableFuture.runAsync(() -> waiting.awaitRing(Patience.LIMIT.multipliedBy(2)));

        session().ring();

        Patience.done(woken);
    }

    @Test
    void retentionRemovesTheOldestBatchesAndMovesTheHorizon() {
        SharedSession session = session();
        for (int i = 0; i < 10; i++) {
            session.append(batch("b" + i, 3), KEYS);
        }

        Patience.eventually()
                .until(() -> !session.maintain(Retention.of(7, Long.MAX_VALUE)).more());

        assertThat(session.extent()).isEqualTo(new Extent(21, 30));
        assertThat(data(session)).hasSize(9).startsWith("b7-0");
    }

    @Test
    void newestEventOutlivesAllLimits() {
        SharedSession session = session();
        session.append(batch("a", 1), KEYS);
        session.append(batch("b", 1), KEYS);

        Patience.eventually().until(() -> !session.maintain(Retention.of(1, 1)).more());

        assertThat(data(session)).containsExactly("b-0");
    }

    @Test
    void revocationsAreKeptAndOrdered() {
        SharedSession session = session();
        Revocation revocation = new Revocation(
                new Target(Revocation.Kind.SUBJECT, "eve\nand adam"),
                Instant.parse("2026-03-01T12:00:00Z"),
                Instant.parse("2996-03-01T12:00:00Z"));

        session.append(order(new Control.Revoking(revocation)), KEYS);

        assertThat(session().revocations()).containsExactly(revocation);
        SharedEvent read = readAll(session).get(0).events().get(0);
        assertThat(read.kind()).isEqualTo(Kind.ORDER);
        assertThat(Control.parse(new String(read.data(), StandardCharsets.UTF_8)))
                .contains(new Control.Revoking(revocation));

        session.append(order(new Control.Readmitting(revocation.target())), KEYS);

        assertThat(session().revocations()).isEmpty();
    }

    protected static SharedBatch order(Control control) {
        return new SharedBatch(UUID.randomUUID(), List.of(new SharedBatch.Order(control)));
    }

    @Test
    void twoSessionsAtOnceBeginOneLog() {
        Set<String> keys = ConcurrentHashMap.newKeySet();

        IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    try (SharedSession session = log().connect()) {
                        keys.add(Arrays.toString(session.identity().key()));
                    }
                }))
                .toList()
                .forEach(Patience::done);

        assertThat(keys).hasSize(1);
    }

    protected static Purge ofId(String id) {
        return new Purge.OfId(new EventId(id));
    }
}
