package dev.herald.hub;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.Patience;
import dev.herald.event.EventId;
import dev.herald.event.Frame;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.EventLog;
import dev.herald.log.LogConfig;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Retention;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.log.sqlite.SqliteEventLog;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the invariants of {@code dev.herald.hub} with many concurrent publishers and subscribers. */
class HubUnderLoadTest {
    private static final Topic TOPIC = new Topic("t");

    private final EventExecutorGroup loops = new DefaultEventExecutorGroup(3);
    private final ExecutorService publishers = Executors.newFixedThreadPool(20);

    @TempDir
    Path directory;

    private EventLog log;
    private Hub hub;

    @AfterEach
    void stop() {
        publishers.shutdownNow();
        hub.close();
        log.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void start(long recentBytes) {
        start(LogConfig.Kind.MEMORY, recentBytes);
    }

    private void start(LogConfig.Kind kind, long recentBytes) {
        Retention plenty = Retention.of(10_000_000, 1L << 32);
        log = switch (kind) {
            case MEMORY ->
                new MemoryEventLog(
                        plenty, 1L << 32, recentBytes, 1_000_000, MemoryBudget.unlimited(), Clock.systemUTC());
            case FILE ->
                SqliteEventLog.open(
                        directory,
                        Durability.COMMIT,
                        plenty,
                        recentBytes,
                        1_000_000,
                        MemoryBudget.unlimited(),
                        Clock.systemUTC());
            case POSTGRES -> throw new IllegalArgumentException("A hub of one node.");
        };
        hub = new Hub(log, TestConfig.QUIET);
    }

    private RecordingOutlet open(Optional<String> lastEventId) {
        return open(lastEventId, Optional.empty());
    }

    private RecordingOutlet open(Optional<String> lastEventId, Optional<ReplayFrom> since) {
        List<TopicSelector> all = List.of(new TopicSelector.Exact(TOPIC));
        return new RecordingOutlet(loops.next())
                .open(
                        hub,
                        new Subscription(all, List.of(), lastEventId, since, true, Optional.empty(), Optional.empty()));
    }

    /** Each publisher sends its numbers without waiting for acknowledgements. */
    private List<Future<?>> publish(int publisherCount, int updatesEach) {
        List<Future<?>> done = new ArrayList<>();
        for (int p = 0; p < publisherCount; p++) {
            int publisher = p;
            done.add(publishers.submit(() -> {
                List<CompletableFuture<?>> answers = new ArrayList<>();
                for (int n = 0; n < updatesEach; n++) {
                    answers.add(
                            hub.publish(Update.of(TOPIC, publisher + ":" + n)).toCompletableFuture());
                }
                answers.forEach(CompletableFuture::join);
            }));
        }
        return done;
    }

    private static void join(List<Future<?>> futures) throws Exception {
        for (Future<?> future : futures) {
            future.get(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private List<String> logged(int expected) {
        RecordingOutlet all = open(Optional.of(EventId.EARLIEST));
        eventually().until(() -> all.data().size() >= expected);
        return all.data();
    }

    @Test
    void invariants1To3BurstsFromTwentyPublishersAreDeliveredOnceAndInOrder() throws Exception {
        start(32 << 20);
        List<RecordingOutlet> subscribers =
                IntStream.range(0, 1_000).mapToObj(i -> open(Optional.empty())).toList();

        join(publish(20, 50));

        List<String> order = logged(1_000);
        assertThat(order).hasSize(1_000).doesNotHaveDuplicates();
        for (int p = 0; p < 20; p++) {
            String mine = p + ":";
            assertThat(order.stream().filter(data -> data.startsWith(mine)).map(data -> data.substring(mine.length())))
                    .as("updates of one publisher stay in order")
                    .containsExactlyElementsOf(
                            IntStream.range(0, 50).mapToObj(Integer::toString).toList());
        }
        for (RecordingOutlet subscriber : subscribers) {
            eventually().until(() -> subscriber.frames().size() > 1_000);
            assertThat(subscriber.data()).isEqualTo(order);
            assertThat(subscriber.faults()).isEmpty();
        }
        assertThat(hub.subscribers()).isEqualTo(1_001);
    }

    @Test
    void invariant2AcknowledgedEventPrecedesEventsOfLaterUpdates() throws Exception {
        start(32 << 20);
        RecordingOutlet subscriber = open(Optional.empty());
        List<String> answered = Collections.synchronizedList(new ArrayList<>());

        List<Future<?>> done = new ArrayList<>();
        Object turn = new Object();
        for (int p = 0; p < 8; p++) {
            int publisher = p;
            done.add(publishers.submit(() -> {
                for (int n = 0; n < 100; n++) {
                    synchronized (turn) {
                        String data = publisher + ":" + n;
                        hub.publish(Update.of(TOPIC, data))
                                .toCompletableFuture()
                                .join();
                        answered.add(data);
                    }
                }
            }));
        }
        join(done);

        eventually().until(() -> subscriber.frames().size() > 800);
        assertThat(subscriber.data()).isEqualTo(answered);
    }

    @ParameterizedTest
    @EnumSource(value = LogConfig.Kind.class, names = "POSTGRES", mode = EnumSource.Mode.EXCLUDE)
    void subscribersThatJoinLeaveStallAndResumeAtRandomGetEachEventOnceInOrder(LogConfig.Kind kind) throws Exception {
        long seed = System.nanoTime();
        // Little memory for recent events, so that many streams read from the log.
        start(kind, 200_000);
        ConcurrentLinkedQueue<Session> sessions = new ConcurrentLinkedQueue<>();
        List<Future<?>> publishing = publish(5, 4_000);
        List<Future<?>> subscribing = new ArrayList<>();
        for (int s = 0; s < 10; s++) {
            Random random = new Random(seed + s);
            subscribing.add(publishers.submit(() -> {
                for (int i = 0; i < 4; i++) {
                    sessions.add(new Session(random).run());
                }
            }));
        }
        join(publishing);
        join(subscribing);

        List<String> order = logged(20_000);
        assertThat(order).hasSize(20_000);
        for (Session session : sessions) {
            session.finish(order, seed);
        }
    }

    @ParameterizedTest
    @EnumSource(value = LogConfig.Kind.class, names = "POSTGRES", mode = EnumSource.Mode.EXCLUDE)
    void invariant5BacklogOfStalledReadersIsBoundedAndDelaysNoOtherReader(LogConfig.Kind kind) throws Exception {
        start(kind, 1 << 20);
        List<RecordingOutlet> stopped =
                IntStream.range(0, 100).mapToObj(i -> open(Optional.empty())).toList();
        List<RecordingOutlet> reading =
                IntStream.range(0, 10).mapToObj(i -> open(Optional.empty())).toList();
        stopped.forEach(outlet -> outlet.allow(1_000));

        join(publish(10, 2_000));

        List<String> order = logged(20_000);
        for (RecordingOutlet outlet : reading) {
            eventually().until(() -> outlet.frames().size() > 20_000);
            assertThat(outlet.data()).isEqualTo(order);
        }
        assertThat(stopped).allSatisfy(outlet -> assertThat(outlet.bytes())
                .as("the socket's room, and one turn or page of 64 KiB")
                .isLessThan(1_000 + 100 + 2 * 64 * 1_024));
        stopped.forEach(outlet -> outlet.allow(Long.MAX_VALUE));
        for (RecordingOutlet outlet : stopped) {
            eventually().until(() -> outlet.frames().size() > 20_000);
            assertThat(outlet.data()).isEqualTo(order);
        }
    }

    /** One client over several connections: it disconnects, stalls and resumes with its last id. */
    private final class Session {
        private final Random random;
        private final List<RecordingOutlet> connections = new ArrayList<>();

        Session(Random random) {
            this.random = random;
        }

        Session run() {
            Optional<String> lastId = Optional.empty();
            // Like a page, it sends a start each time, which applies only without a last id.
            Optional<ReplayFrom> since = Optional.of(random.nextInt(1_000))
                    .filter(count -> count > 0 && count % 2 == 0)
                    .map(ReplayFrom.Latest::new);
            for (int i = 0; i < 5; i++) {
                RecordingOutlet connection = open(lastId, since);
                connections.add(connection);
                eventually().until(() -> connection.lastId() != null);
                if (random.nextBoolean()) {
                    connection.allow(random.nextInt(100_000));
                }
                int enough = random.nextInt(500);
                eventually().until(() -> connection.frames().size() >= enough || random.nextInt(20) == 0);
                connection.cancel();
                // A client may have received any prefix of what the lane wrote before the disconnect.
                lastId = Optional.of(received(
                        connection, random.nextInt(1 + connection.frames().size())));
            }
            return this;
        }

        private String received(RecordingOutlet connection, int frames) {
            int atLeastTheFirst = Math.max(1, frames);
            List<Frame> kept = connection.frames().subList(0, atLeastTheFirst);
            counts.add(atLeastTheFirst);
            String text = kept.get(atLeastTheFirst - 1).toString();
            return text.substring(text.indexOf("id: ") + 4, text.indexOf('\n', text.indexOf("id: ")));
        }

        private final List<Integer> counts = new ArrayList<>();

        void finish(List<String> order, long seed) {
            List<String> received = new ArrayList<>();
            for (int i = 0; i < connections.size(); i++) {
                connections.get(i).frames().subList(1, counts.get(i)).stream()
                        .map(Frame::toString)
                        .filter(frame -> !frame.startsWith("event: live"))
                        .map(frame -> frame.split("data: |\n\n")[1])
                        .forEach(received::add);
                assertThat(connections.get(i).faults()).isEmpty();
            }
            int first = received.isEmpty() ? 0 : order.indexOf(received.get(0));
            assertThat(received)
                    .as("seed=%d: one contiguous range of the log, in order", seed)
                    .isEqualTo(order.subList(first, first + received.size()));
        }
    }
}
