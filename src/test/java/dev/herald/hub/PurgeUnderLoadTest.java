package dev.herald.hub;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.EventLog;
import dev.herald.log.LogConfig;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Purge;
import dev.herald.log.Retention;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.log.sqlite.SqliteEventLog;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Streams that catch up while events are published and others are purged: no gap, no duplicate, nothing lost. */
class PurgeUnderLoadTest {
    private static final Topic NEWS = new Topic("news");
    private static final Topic SECRET = new Topic("secret");
    private static final Retention PLENTY = Retention.of(1_000_000, 1L << 30);
    private static final int RECENT_BYTES = 100_000;
    private static final int OLD = 2_000;
    private static final int STREAMS = 8;

    @TempDir
    Path folder;

    private final EventExecutor loop = new DefaultEventExecutor();

    @AfterEach
    void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private EventLog log(LogConfig.Kind kind) {
        return switch (kind) {
            case FILE ->
                SqliteEventLog.open(
                        folder,
                        Durability.COMMIT,
                        PLENTY,
                        RECENT_BYTES,
                        10_000,
                        MemoryBudget.unlimited(),
                        Clock.systemUTC());
            case MEMORY ->
                new MemoryEventLog(
                        PLENTY, Long.MAX_VALUE, RECENT_BYTES, 10_000, MemoryBudget.unlimited(), Clock.systemUTC());
            case POSTGRES -> throw new IllegalArgumentException("A hub of one node.");
        };
    }

    @ParameterizedTest
    @EnumSource(value = LogConfig.Kind.class, names = "POSTGRES", mode = EnumSource.Mode.EXCLUDE)
    void streamsGetAllOtherEventsOnceAndInOrder(LogConfig.Kind kind) {
        try (EventLog log = log(kind);
                Hub hub = new Hub(log, TestConfig.QUIET)) {
            List<String> news = new ArrayList<>();
            List<CompletableFuture<Event>> stored = new ArrayList<>();
            for (int i = 0; i < OLD; i++) {
                boolean kept = i % 2 == 0;
                stored.add(
                        log.append(Update.of(kept ? NEWS : SECRET, "old " + i)).toCompletableFuture());
                if (kept) {
                    news.add("old " + i);
                }
            }
            stored.forEach(event -> done(event));
            AtomicBoolean ended = new AtomicBoolean();
            CompletableFuture<List<String>> publishing = CompletableFuture.supplyAsync(() -> {
                List<String> published = new ArrayList<>();
                for (int i = 0; !ended.get(); i++) {
                    done(log.append(Update.of(NEWS, "new " + i)));
                    published.add("new " + i);
                }
                return published;
            });
            List<RecordingOutlet> outlets = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                outlets.add(new RecordingOutlet(loop).open(hub, fromTheBeginning()));
            }

            long purged = done(log.purge(new Purge.OfTopic(SECRET))).events();
            outlets.add(new RecordingOutlet(loop).open(hub, fromTheBeginning()));
            ended.set(true);
            news.addAll(publishing.join());

            String last = news.get(news.size() - 1);
            Set<String> wanted = Set.copyOf(news);
            assertThat(purged).isEqualTo(OLD / 2);
            assertThat(outlets).allSatisfy(outlet -> {
                eventually().until(() -> outlet.data().contains(last));
                assertThat(outlet.data().stream().filter(wanted::contains).toList())
                        .isEqualTo(news);
                assertThat(outlet.gaps()).isEmpty();
                assertThat(outlet.faults()).isEmpty();
            });
            assertThat(outlets.get(STREAMS).data()).as("opened after the purge").isEqualTo(news);
        }
    }

    private static Subscription fromTheBeginning() {
        return new Subscription(List.of(new TopicSelector.Any()), List.of(), Optional.of("earliest"), true);
    }
}
