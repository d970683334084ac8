package dev.herald.cluster;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.Patience;
import dev.herald.cluster.SharedLogException.Kind;
import dev.herald.event.EventId;
import dev.herald.event.Receipt;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.identity.Revocation;
import dev.herald.identity.Revocation.Target;
import dev.herald.log.AppendListener;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLogException;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Purge;
import dev.herald.log.Purged;
import dev.herald.log.Retention;
import dev.herald.log.RevocationFollower;
import dev.herald.log.UnknownOutcomeException;
import dev.herald.memory.MemoryBudget;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests of nodes whose shared log, or whose own threads, fail in unusual ways. */
class FailuresOfNodesTest {
    private static final Topic TOPIC = new Topic("news");
    private static final String LOST = "The shared log cannot be followed";
    private static final String REFUSED = "This node no longer follows the shared log";

    /** Reads during which the shared log grows; a node must not wait for their end. */
    private static final int BUSY_READS = 10_000;

    @RegisterExtension
    final CapturedErrors errors = new CapturedErrors("dev.herald.cluster");

    @TempDir
    Path directory;

    private final InProcessLog shared = new InProcessLog(Clock.systemUTC());
    private final List<ClusteredEventLog> opened = new ArrayList<>();
    private final CountDownLatch readable = new CountDownLatch(1);

    @AfterEach
    void closeNodes() {
        readable.countDown();
        shared.beforeRead(() -> {});
        shared.beforeConnect(() -> {});
        opened.forEach(ClusteredEventLog::close);
    }

    private ClusteredEventLog open(String name) {
        ClusteredEventLog node = Nodes.open(shared, directory.resolve(name));
        opened.add(node);
        return node;
    }

    private static Update update(String data) {
        return Update.of(TOPIC, data);
    }

    private static List<String> data(ClusteredEventLog node) {
        return Nodes.kept(node).stream().map(event -> event.data().toString()).toList();
    }

    /** Appends without a node. Returns the last position. */
    private long append(SharedBatch batch) {
        try (SharedSession session = shared.connect()) {
            return session.append(batch, Retention.Keys.DEFAULT).through();
        }
    }

    private long append(String... data) {
        List<Update> updates =
                List.of(data).stream().map(FailuresOfNodesTest::update).toList();
        List<Optional<EventId>> ids = List.of(data).stream()
                .map(text -> Optional.of(new EventId("id-" + text)))
                .toList();
        return append(new SharedBatch(
                UUID.randomUUID(), List.of(new SharedBatch.Updates(updates, ids, false, Optional.empty()))));
    }

    private long order(Control control) {
        return append(new SharedBatch(UUID.randomUUID(), List.of(new SharedBatch.Order(control))));
    }

    private void holdReads() {
        shared.beforeRead(() -> {
            try {
                readable.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void caughtUp(ClusteredEventLog node) {
        assertThat(done(node.catchUp())).isTrue();
    }

    private static void hasUnknownOutcome(CompletionStage<?> stage) {
        assertThat(stage.toCompletableFuture())
                .failsWithin(Patience.LIMIT)
                .withThrowableThat()
                .withCauseInstanceOf(UnknownOutcomeException.class);
    }

    /** Otherwise its publisher repeats it, and it is doubled. */
    @Test
    void batchThatMayBeStoredIsNotRejectedWhenItsRepetitionIs() {
        ClusteredEventLog node = open("one");
        done(node.append(update("first")));
        AtomicInteger rejections = new AtomicInteger();
        shared.beforeConnect(() -> {
            if (rejections.getAndIncrement() == 0) {
                throw new SharedLogException(Kind.REJECTED, "The database is read-only.", null);
            }
        });
        shared.loseReplies(1);

        done(node.append(update("a")));

        assertThat(rejections.get()).isEqualTo(2);
        assertThat(data(node)).containsExactly("first", "a");
    }

    @Test
    void batchWhoseReplyCannotBeUsedIsSettled() {
        ClusteredEventLog node = open("one");
        AtomicInteger replies = new AtomicInteger();
        shared.beforeReply(() -> {
            if (replies.getAndIncrement() == 0) {
                throw new OutOfMemoryError("of the test");
            }
        });

        done(node.append(update("a")));

        assertThat(replies.get()).isEqualTo(2);
        assertThat(data(node)).containsExactly("a");
    }

    @Test
    void batchWhoseFateIsUnknownWhenTheNodeStopsIsNotCalledRejected() {
        errors.allow(LOST);
        ClusteredEventLog node = open("one");
        done(node.append(update("first")));
        shared.loseReplies(1);
        AtomicInteger attempts = new AtomicInteger();
        shared.beforeConnect(() -> {
            attempts.incrementAndGet();
            throw new SharedLogException(Kind.LOST, "The database cannot be reached.", null);
        });

        CompletionStage<?> answer = node.append(update("a"));
        eventually().until(() -> attempts.get() > 0);
        node.close();

        hasUnknownOutcome(answer);
    }

    /** Another node's order that is older must not undo it. */
    @Test
    void revocationsOfTwoNodesEndAsTheLogOrdersThem() {
        ClusteredEventLog one = open("one");
        List<Object> seen = follow(one);
        Revocation revocation = revocation("eve");
        holdReads();

        order(new Control.Readmitting(revocation.target()));
        done(one.keep(revocation));
        readable.countDown();
        caughtUp(one);

        assertThat(seen).containsExactly(revocation.target(), revocation);
    }

    @Test
    void runningNodeThatRetentionHasOvertakenLearnsTheRevocations() {
        ClusteredEventLog node = open("one");
        Revocation ended = revocation("adam");
        Revocation begun = revocation("eve");
        order(new Control.Revoking(ended));
        caughtUp(node);
        List<Object> seen = follow(node);
        seen.clear();
        holdReads();

        order(new Control.Readmitting(ended.target()));
        shared.removeThrough(order(new Control.Revoking(begun)));
        append("a");
        readable.countDown();
        caughtUp(node);

        assertThat(seen).containsExactly(ended.target(), begun);
        assertThat(data(node)).containsExactly("a");
    }

    @Test
    void orderThatFailsOnceIsCarriedOutAgain() {
        errors.expect(LOST);
        ClusteredEventLog node = open("one");
        append("a");
        caughtUp(node);
        List<Object> seen = new CopyOnWriteArrayList<>();
        AtomicInteger attempts = new AtomicInteger();
        node.followRevocations(new RevocationFollower() {
            @Override
            public void kept(Revocation revocation) {
                if (attempts.getAndIncrement() == 0) {
                    throw new OutOfMemoryError("of the test");
                }
                seen.add(revocation);
            }

            @Override
            public void forgotten(Target target) {}
        });
        holdReads();
        Revocation revocation = revocation("eve");

        append("b", "c");
        order(new Control.Revoking(revocation));
        append("d");
        readable.countDown();

        eventually().until(() -> !seen.isEmpty());
        eventually().until(node::writable);
        caughtUp(node);
        assertThat(seen).containsExactly(revocation);
        assertThat(data(node)).containsExactly("a", "b", "c", "d");
    }

    private static Revocation revocation(String subject) {
        return new Revocation(
                new Target(Revocation.Kind.SUBJECT, subject),
                Instant.ofEpochSecond(1_700_000_000),
                Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS));
    }

    private static List<Object> follow(ClusteredEventLog node) {
        List<Object> seen = new CopyOnWriteArrayList<>();
        node.followRevocations(new RevocationFollower() {
            @Override
            public void kept(Revocation revocation) {
                seen.add(revocation);
            }

            @Override
            public void forgotten(Target target) {
                seen.add(target);
            }
        });
        return seen;
    }

    @Test
    void entryThatIsMissingInABatchStopsTheNode() {
        errors.expect(REFUSED);
        ClusteredEventLog node = open("one");
        holdReads();

        append("a", "b", "c");
        shared.delete(2);
        readable.countDown();

        eventually().until(() -> !node.readable());
        assertThat(data(node)).isEmpty();
        assertThat(errors.lines()).singleElement().asString().contains("has nothing at position 2");
    }

    @Test
    void nodeOpensAndCatchesUpWhileTheSharedLogGrowsWithoutAPause() {
        append("a");
        AtomicInteger reads = growWithEachRead();

        ClusteredEventLog node = open("one");

        assertThat(reads.get()).isLessThan(BUSY_READS);
        reads.set(0);
        caughtUp(node);
        assertThat(reads.get()).isLessThan(BUSY_READS);
    }

    private AtomicInteger growWithEachRead() {
        AtomicInteger reads = new AtomicInteger();
        shared.beforeRead(() -> {
            if (reads.incrementAndGet() < BUSY_READS) {
                append("next");
            }
        });
        return reads;
    }

    @Test
    void nodeThatCannotCopyIsNotReadyReportsOnceAndRecovers() {
        errors.expect(LOST, REFUSED);
        ClusteredEventLog node = open("one");
        AtomicInteger failures = new AtomicInteger();
        shared.beforeRead(() -> {
            failures.incrementAndGet();
            throw new ArrayIndexOutOfBoundsException("kind 9");
        });
        eventually().until(() -> failures.get() > 0);
        CompletionStage<?> answer = node.append(update("a"));

        eventually().until(() -> !node.readable());
        int reported = failures.get();
        eventually().until(() -> failures.get() > reported);

        assertThat(node.writable()).isFalse();
        assertThat(answer.toCompletableFuture()).failsWithin(Patience.LIMIT);

        shared.beforeRead(() -> {});
        eventually().until(node::readable);

        assertThat(node.writable()).isTrue();
        done(node.append(update("b")));
        assertThat(data(node)).endsWith("b");
        assertThat(errors.lines()).hasSize(2);
    }

    @Test
    void nodeThatCannotCopyDoesNotOpen() {
        errors.allow(LOST);
        shared.beforeRead(() -> {
            throw new ArrayIndexOutOfBoundsException("kind 9");
        });

        assertThatThrownBy(() -> open("one"))
                .isInstanceOf(EventLogException.class)
                .hasMessageContaining("cannot follow the shared log: kind 9");
    }

    @Test
    void updatesThatAreNotReadBackFailWhenTheNodeNoLongerFollows() {
        errors.expect(LOST, REFUSED);
        ClusteredEventLog node = open("one");
        holdReads();
        CompletionStage<?> answer = node.append(update("a"));
        CompletionStage<?> purge = node.purge(new Purge.OfTopic(TOPIC));
        eventually().until(() -> shared.appends() == 2);

        shared.loseAfter(0);
        shared.cut();
        readable.countDown();
        shared.beforeConnect(() -> {
            throw SharedLogException.refused("The database has another log.");
        });

        hasUnknownOutcome(answer);
        hasUnknownOutcome(purge);
    }

    /** Such as a password file that is being replaced. */
    @Test
    void refusedConnectionIsTriedAgain() {
        errors.expect(LOST, REFUSED);
        ClusteredEventLog node = open("one");
        shared.beforeConnect(() -> {
            throw SharedLogException.refused("The password file cannot be read.");
        });
        shared.cut();
        eventually().until(() -> !node.readable());

        shared.mend();
        shared.beforeConnect(() -> {});
        eventually().until(node::writable);

        done(node.append(update("a")));
        assertThat(data(node)).containsExactly("a");
    }

    @Test
    void followerSurvivesAFailureThatItCannotReport() {
        errors.expect(LOST);
        ClusteredEventLog node = open("one");
        AtomicInteger failures = new AtomicInteger();
        shared.beforeRead(() -> {
            if (failures.getAndIncrement() < 2) {
                throw new Unreportable();
            }
            throw new IllegalStateException("reported");
        });
        eventually().until(() -> failures.get() > 2);
        shared.beforeRead(() -> {});

        eventually().until(node::writable);
        done(node.append(update("a")));
    }

    /** Failure whose report fails, as for lack of memory. */
    private static final class Unreportable extends Error {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new OutOfMemoryError("of the test");
        }
    }

    @Test
    void groupThatCannotBeSentIsRejectedAndReleased() {
        errors.expect("A batch of updates was not stored.");
        MemoryBudget budget = new MemoryBudget(1 << 20);
        ClusteredEventLog node = ClusteredEventLog.open(
                shared,
                directory.resolve("one"),
                Durability.COMMIT,
                Nodes.PLENTY,
                1 << 20,
                100,
                budget,
                Clock.systemUTC());
        opened.add(node);
        AppendListener failing = new AppendListener() {
            @Override
            public void taken() {
                throw new OutOfMemoryError("of the test");
            }

            @Override
            public void stored(long position) {}
        };

        CompletionStage<Receipt> answer = node.append(UpdateBatch.of(update("a")), failing);

        assertThat(answer.toCompletableFuture()).failsWithin(Patience.LIMIT);
        eventually().until(() -> budget.reserved() == 0);
        assertThat(done(node.append(update("b"))).position()).isEqualTo(1);
    }

    @Test
    void equalPurgesEachCompleteWithTheirOwnEvents() {
        ClusteredEventLog node = open("one");
        holdReads();
        append("a");
        CompletionStage<Purged> first = node.purge(new Purge.OfTopic(TOPIC));
        eventually().until(() -> shared.appends() == 2);
        append("b", "c");
        CompletionStage<Purged> second = node.purge(new Purge.OfTopic(TOPIC));
        eventually().until(() -> shared.appends() == 4);
        readable.countDown();

        assertThat(done(first).events()).isEqualTo(1);
        assertThat(done(second).events()).isEqualTo(2);
    }

    @Test
    void eventThatIsPurgedBeforeItIsReadBackIsAcknowledgedWithItsId() {
        ClusteredEventLog node = open("one");
        holdReads();
        Update own = new Update(
                List.of(TOPIC), "x", false, Optional.of(new EventId("own")), Optional.empty(), OptionalLong.empty());
        CompletionStage<Receipt> answer = node.append(UpdateBatch.of(own));
        eventually().until(() -> shared.appends() == 1);

        shared.purge(1);
        readable.countDown();

        assertThat(done(answer).ids()).containsExactly(new EventId("own"));
    }

    /** Before the next kept event, too: a cursor of a removed event must not be taken for a position of this log. */
    @Test
    void horizonIsKnownBeforeTheNextKeptEvent() {
        ClusteredEventLog node = open("one");
        append("a");
        caughtUp(node);
        holdReads();
        append("b");
        shared.removeThrough(append("c"));
        done(transientUpdate());
        readable.countDown();
        caughtUp(node);

        assertThat(node.horizon()).isEqualTo(3);
        append("d");
        caughtUp(node);
        assertThat(node.horizon()).isEqualTo(3);
        assertThat(data(node)).containsExactly("d");
    }

    private CompletionStage<Long> transientUpdate() {
        return CompletableFuture.completedStage(append(new SharedBatch(
                UUID.randomUUID(),
                List.of(new SharedBatch.Updates(
                        List.of(update("passing")), List.of(Optional.empty()), true, Optional.empty())))));
    }
}
