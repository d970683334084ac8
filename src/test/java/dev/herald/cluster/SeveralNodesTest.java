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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.Patience;
import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Fingerprint;
import dev.herald.event.IdempotencyKey;
import dev.herald.event.Receipt;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.identity.Revocation;
import dev.herald.identity.Revocation.Target;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLogException;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Page;
import dev.herald.log.Purge;
import dev.herald.log.Retention;
import dev.herald.log.RevocationFollower;
import dev.herald.log.sqlite.SqliteEventLog;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SeveralNodesTest {
    private static final Topic TOPIC = new Topic("news");

    private static final String LOST = "The shared log cannot be followed";

    @RegisterExtension
    final CapturedErrors errors = new CapturedErrors("dev.herald.cluster");

    @TempDir
    Path directory;

    private final InProcessLog shared = new InProcessLog(Clock.systemUTC());
    private final List<ClusteredEventLog> opened = new ArrayList<>();

    @AfterEach
    void closeNodes() {
        opened.forEach(ClusteredEventLog::close);
    }

    private ClusteredEventLog open(String name) {
        return open(name, Nodes.PLENTY);
    }

    private ClusteredEventLog open(String name, Retention retention) {
        ClusteredEventLog node = Nodes.open(shared, directory.resolve(name), retention, Clock.systemUTC());
        opened.add(node);
        return node;
    }

    private static Update update(String data) {
        return Update.of(TOPIC, data);
    }

    private static Event append(ClusteredEventLog node, String data) {
        return done(node.append(update(data)));
    }

    private static void caughtUp(ClusteredEventLog... nodes) {
        for (ClusteredEventLog node : nodes) {
            assertThat(done(node.catchUp())).isTrue();
        }
    }

    private static List<String> data(ClusteredEventLog node) {
        return Nodes.kept(node).stream().map(event -> event.data().toString()).toList();
    }

    @Test
    void allNodesHaveTheSameEventsInOneOrderWithOneId() {
        ClusteredEventLog one = open("one");
        ClusteredEventLog other = open("other");
        List<CompletionStage<Event>> answers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            answers.add((i % 2 == 0 ? one : other).append(update("" + i)));
        }
        List<Event> acknowledged = answers.stream().map(Patience::done).toList();

        caughtUp(one, other);

        assertThat(Nodes.kept(one)).isEqualTo(Nodes.kept(other)).containsExactlyInAnyOrderElementsOf(acknowledged);
        assertThat(Nodes.kept(one)).extracting(Event::position).isSorted();
        assertThat(one.recent().after(0, Long.MAX_VALUE, Integer.MAX_VALUE).events())
                .isEqualTo(other.recent()
                        .after(0, Long.MAX_VALUE, Integer.MAX_VALUE)
                        .events());
    }

    @Test
    void cursorsAndIdsOfOneNodeAreThoseOfAnother() {
        ClusteredEventLog one = open("one");
        ClusteredEventLog other = open("other");
        Event event = append(one, "a");
        Event passing = done(one.appendTransient(update("passing")));
        append(one, "b");
        caughtUp(other);

        assertThat(other.cursors().open(one.cursors().seal(event.position()))).hasValue(event.position());
        assertThat(done(other.find(event.id(), List.of()))).contains(event);
        assertThat(other.recent().transientEvent(passing.id())).contains(passing);
        assertThat(other.cursors().position(passing.id())).hasValue(event.position());
    }

    @Test
    void newNodeCopiesWhatIsKeptBeforeItOpens() {
        ClusteredEventLog one = open("one");
        IntStream.range(0, 500).forEach(i -> one.append(update("" + i)));
        append(one, "last");

        ClusteredEventLog late = open("late");

        assertThat(Nodes.kept(late)).hasSize(501).isEqualTo(Nodes.kept(one));
    }

    @Test
    void restartedNodeContinuesWhereItsMirrorEnds() {
        ClusteredEventLog one = open("one");
        append(one, "a");
        one.close();
        ClusteredEventLog other = open("other");
        append(other, "b");

        ClusteredEventLog again = open("one");

        assertThat(data(again)).containsExactly("a", "b");
        assertThat(append(again, "c").position()).isEqualTo(3);
    }

    @Test
    void lostReplyLosesAndDoublesNothing() {
        ClusteredEventLog node = open("one");
        shared.loseReplies(3);

        append(node, "a");
        append(node, "b");

        assertThat(data(node)).containsExactly("a", "b");
        assertThat(shared.appends()).isEqualTo(5);
    }

    @Test
    void lostRequestIsRepeated() {
        ClusteredEventLog node = open("one");
        shared.loseRequests(3);

        append(node, "a");

        assertThat(data(node)).containsExactly("a");
    }

    @Test
    void readingGoesOnWithoutTheSharedLogAndUpdatesAreRejected() {
        errors.expect(LOST);
        ClusteredEventLog node = open("one");
        Event event = append(node, "a");

        shared.cut();
        eventually().until(() -> !node.writable());

        assertThat(data(node)).containsExactly("a");
        assertThat(done(node.find(event.id(), List.of()))).contains(event);
        assertThat(node.readable()).isTrue();
        assertThat(node.append(update("b")).toCompletableFuture())
                .failsWithin(Patience.LIMIT)
                .withThrowableThat()
                .withCauseInstanceOf(EventLogException.class);
        assertThat(node.catchUp().toCompletableFuture()).failsWithin(Patience.LIMIT);

        shared.mend();
        eventually().until(node::writable);

        append(node, "c");
        assertThat(data(node)).containsExactly("a", "c");
    }

    @Test
    void keyOfOneNodeIsKnownToAnother() {
        ClusteredEventLog one = open("one");
        ClusteredEventLog other = open("other");
        UpdateBatch batch = new UpdateBatch(
                List.of(update("a"), update("b")),
                Optional.of(new IdempotencyKey(new Fingerprint(1, 2), new Fingerprint(3, 4))));
        Receipt first = done(one.append(batch));

        Receipt second = done(other.append(batch));

        assertThat(second).isEqualTo(new Receipt(first.ids(), true));
        assertThat(data(other)).as("read before it is acknowledged").containsExactly("a", "b");
    }

    @Test
    void purgeDeletesOnAllNodesNewOnesIncluded() {
        ClusteredEventLog one = open("one");
        ClusteredEventLog other = open("other");
        Event event = append(one, "secret");
        append(one, "public");

        assertThat(done(one.purge(new Purge.OfId(event.id()))).events()).isEqualTo(1);
        caughtUp(other);
        ClusteredEventLog late = open("late");

        for (ClusteredEventLog node : List.of(one, other, late)) {
            assertThat(data(node)).containsExactly("public");
            assertThat(done(node.findPurged(event.id()))).hasValue(event.position());
            assertThat(done(node.find(event.id(), List.of()))).isEmpty();
        }
    }

    @Test
    void revocationsReachAllNodesOnceAndNewOnes() {
        ClusteredEventLog one = open("one");
        ClusteredEventLog other = open("other");
        List<Object> own = follow(one);
        List<Object> others = follow(other);
        Revocation revocation = new Revocation(
                new Target(Revocation.Kind.SUBJECT, "eve"),
                Instant.ofEpochSecond(1_700_000_000),
                Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS));

        done(one.keep(revocation));
        caughtUp(one, other);

        assertThat(others).containsExactly(revocation);
        assertThat(own).as("in the order of the log").containsExactly(revocation);
        assertThat(open("late").revocations()).containsExactly(revocation);

        done(other.forget(revocation.target()));
        caughtUp(one, other);

        assertThat(own).containsExactly(revocation, revocation.target());
        assertThat(others).containsExactly(revocation, revocation.target());
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
    void nodeThatRetentionHasOvertakenContinuesAndTellsAGap() {
        ClusteredEventLog one = open("one");
        append(one, "a");
        one.close();
        ClusteredEventLog other = open("other");
        append(other, "b");
        append(other, "c");
        shared.removeThrough(2);

        ClusteredEventLog again = open("one");

        assertThat(data(again)).containsExactly("c");
        assertThat(again.horizon()).isEqualTo(2);
        Page page = done(again.read(1, List.of(new TopicSelector.Any()), 1 << 20));
        assertThat(page.after()).as("a gap").isEqualTo(2);
    }

    @Test
    void mirrorAheadOfTheSharedLogIsRefusedAtTheStart() {
        ClusteredEventLog one = open("one");
        append(one, "a");
        append(one, "b");
        one.close();
        shared.loseAfter(1);

        assertThatThrownBy(() -> open("one"))
                .isInstanceOf(EventLogException.class)
                .hasMessageContaining("ends at position 1, before the mirror of this node, at 2");
    }

    @Test
    void mirrorThatDiffersFromTheSharedLogIsRefusedAtTheStart() {
        ClusteredEventLog one = open("one");
        append(one, "a");
        append(one, "b");
        one.close();
        shared.loseAfter(1);
        append(open("other"), "c");

        assertThatThrownBy(() -> open("one"))
                .isInstanceOf(EventLogException.class)
                .hasMessageContaining("differs from the mirror of this node at position 2");
    }

    @Test
    void mirrorOfAnotherLogIsRefusedAtTheStart() {
        open("one").close();

        assertThatThrownBy(() -> Nodes.open(new InProcessLog(Clock.systemUTC(), (byte) 2), directory.resolve("one")))
                .isInstanceOf(EventLogException.class)
                .hasMessageContaining("is not a mirror of the shared log");
    }

    @Test
    void logOfOneNodeIsNotTakenForAMirror() {
        SqliteEventLog.open(
                        directory.resolve("one"),
                        Durability.COMMIT,
                        Nodes.PLENTY,
                        1 << 20,
                        100,
                        MemoryBudget.unlimited(),
                        Clock.systemUTC())
                .close();

        assertThatThrownBy(() -> open("one")).hasMessageContaining("is not a mirror of the shared log");
    }

    @Test
    void mirrorCanBecomeALogOfOneNodeAndIsRefusedAfterwards() {
        ClusteredEventLog one = open("one");
        Event event = append(one, "a");
        append(one, "b");
        one.close();

        try (SqliteEventLog alone = SqliteEventLog.open(
                directory.resolve("one"),
                Durability.COMMIT,
                Nodes.PLENTY,
                1 << 20,
                100,
                MemoryBudget.unlimited(),
                Clock.systemUTC())) {
            assertThat(done(alone.find(event.id(), List.of()))).contains(event);
            assertThat(done(alone.append(update("c"))).position()).isEqualTo(3);
        }

        assertThatThrownBy(() -> open("one")).hasMessageContaining("before the mirror of this node, at 3");
    }

    @Test
    void runningNodeStopsToFollowASharedLogThatHasLostEvents() {
        errors.expect(LOST, "This node no longer follows the shared log");
        ClusteredEventLog one = open("one");
        append(one, "a");
        append(one, "b");

        shared.cut();
        eventually().until(() -> !one.writable());
        shared.loseAfter(1);
        shared.mend();
        eventually().until(() -> !one.readable());

        assertThat(one.writable()).isFalse();
        assertThat(one.append(update("c")).toCompletableFuture()).failsWithin(Patience.LIMIT);
    }

    @Test
    void idOfAPublisherIsKept() {
        Update own = new Update(
                List.of(TOPIC), "x", false, Optional.of(new EventId("own")), Optional.empty(), OptionalLong.empty());

        assertThat(done(open("one").append(own)).id()).isEqualTo(new EventId("own"));
    }
}
