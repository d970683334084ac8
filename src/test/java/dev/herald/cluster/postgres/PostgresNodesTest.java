package dev.herald.cluster.postgres;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.Patience;
import dev.herald.cluster.ClusteredEventLog;
import dev.herald.cluster.postgres.Databases.Database;
import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.CapturedErrors;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Page;
import dev.herald.log.Retention;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Nodes on PostgreSQL, whose connections end under load. */
@ExtendWith(Databases.class)
class PostgresNodesTest {
    private static final Topic TOPIC = new Topic("news");
    private static final Retention PLENTY = Retention.of(1_000_000, 1L << 30);

    @RegisterExtension
    final CapturedErrors errors = new CapturedErrors("dev.herald.cluster");

    @TempDir
    Path directory;

    private final List<ClusteredEventLog> opened = new ArrayList<>();
    private Database database;

    @BeforeEach
    void allow(Database empty) {
        errors.allow("The database has no synchronous standby", "The shared log cannot be followed");
        database = empty;
    }

    @AfterEach
    void closeNodes() {
        opened.forEach(ClusteredEventLog::close);
    }

    private ClusteredEventLog open(String name) {
        ClusteredEventLog node = ClusteredEventLog.open(
                database.log(),
                directory.resolve(name),
                Durability.COMMIT,
                PLENTY,
                32 << 20,
                10_000,
                MemoryBudget.unlimited(),
                Clock.systemUTC());
        opened.add(node);
        return node;
    }

    private static List<Event> kept(ClusteredEventLog node) {
        List<Event> events = new ArrayList<>();
        long at = 0;
        for (Page page = page(node, at); page.through() > at; page = page(node, at)) {
            events.addAll(page.events());
            at = page.through();
        }
        return events;
    }

    private static Page page(ClusteredEventLog node, long after) {
        return done(node.read(after, List.of(new TopicSelector.Any()), 1 << 20));
    }

    private static List<String> data(ClusteredEventLog node) {
        return kept(node).stream().map(event -> event.data().toString()).toList();
    }

    /** Publishes on a node until told to stop, a few at a time, and records what was acknowledged. */
    private static CompletableFuture<Void> publish(
            ClusteredEventLog node, String name, AtomicBoolean stop, ConcurrentLinkedQueue<Event> acknowledged) {
        return CompletableFuture.runAsync(() -> {
            Semaphore inFlight = new Semaphore(20);
            for (int i = 0; !stop.get(); i++) {
                inFlight.acquireUninterruptibly();
                node.append(Update.of(TOPIC, name + i)).whenComplete((event, failure) -> {
                    if (failure == null) {
                        acknowledged.add(event);
                    }
                    inFlight.release();
                });
            }
            inFlight.acquireUninterruptibly(20);
        });
    }

    @Test
    void connectionsThatEndUnderLoadLoseDoubleAndReorderNothing() {
        ClusteredEventLog one = open("one");
        ClusteredEventLog other = open("other");
        AtomicBoolean stop = new AtomicBoolean();
        ConcurrentLinkedQueue<Event> acknowledged = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Void>> publishers =
                List.of(publish(one, "one-", stop, acknowledged), publish(other, "other-", stop, acknowledged));

        for (int i = 0; i < 5; i++) {
            int seen = acknowledged.size();
            eventually().until(() -> acknowledged.size() > seen + 100);
            database.endConnections();
        }
        int seen = acknowledged.size();
        eventually().until(() -> acknowledged.size() > seen + 100);
        stop.set(true);
        publishers.forEach(Patience::done);
        done(one.append(Update.of(TOPIC, "last")));
        assertThat(done(other.catchUp())).isTrue();

        List<Event> events = kept(one);
        assertThat(kept(other)).isEqualTo(events);
        assertThat(events).containsAll(acknowledged);
        assertThat(events.stream().map(event -> event.data().toString())).doesNotHaveDuplicates();
        assertThat(events).extracting(Event::position).isSorted().doesNotHaveDuplicates();
        for (String name : List.of("one-", "other-")) {
            assertThat(events.stream()
                            .map(event -> event.data().toString())
                            .filter(text -> text.startsWith(name))
                            .map(text -> Integer.parseInt(text.substring(name.length()))))
                    .as("order of a publisher")
                    .isSorted();
        }
    }

    @Test
    void entryRemovedByHandStopsTheNodeThatNeedsIt() {
        ClusteredEventLog one = open("one");
        AtomicInteger number = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            done(one.append(Update.of(TOPIC, "" + number.incrementAndGet())));
        }
        database.execute("DELETE FROM herald.batch WHERE last = 2", "DELETE FROM herald.event WHERE position = 2");

        assertThatThrownBy(() -> open("late")).hasMessageContaining("changed by hand");

        assertThat(data(one)).containsExactly("1", "2", "3");
    }

    @Test
    void mirrorAheadOfARestoredDatabaseIsRefused() {
        ClusteredEventLog one = open("one");
        done(one.append(Update.of(TOPIC, "a")));
        done(one.append(Update.of(TOPIC, "b")));
        one.close();
        database.execute(
                "DELETE FROM herald.batch WHERE last = 2",
                "DELETE FROM herald.event WHERE position = 2",
                "UPDATE herald.log SET position = 1");

        assertThatThrownBy(() -> open("one")).hasMessageContaining("before the mirror of this node, at 2");
    }

    @Test
    void acceptedLossInvalidatesCursorsAndMirrorsAndKeepsEvents() {
        ClusteredEventLog one = open("one");
        Event event = done(one.append(Update.of(TOPIC, "a")));
        String cursor = one.cursors().seal(event.position());
        one.close();

        database.execute("SELECT herald.accept_loss()");

        assertThatThrownBy(() -> open("one")).hasMessageContaining("is not a mirror of the shared log");
        ClusteredEventLog again = open("empty");
        assertThat(again.cursors().open(cursor)).as("a gap is told").isEmpty();
        assertThat(done(again.find(event.id(), List.of()))).contains(event);
    }

    @Test
    void transientEventsAndOrdersLeaveNoHole() {
        ClusteredEventLog one = open("one");
        ClusteredEventLog other = open("other");
        done(one.append(Update.of(TOPIC, "a")));
        Event passing = done(one.appendTransient(Update.of(TOPIC, "passing")));
        done(one.append(Update.of(TOPIC, "b")));
        assertThat(done(other.catchUp())).isTrue();

        assertThat(other.recent().transientEvent(passing.id())).contains(passing);
        assertThat(data(other)).containsExactly("a", "b");
        assertThat(data(open("late"))).containsExactly("a", "b");
    }
}
