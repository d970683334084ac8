package dev.herald.web.admin;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.smallrye.mutiny.subscription.Cancellable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.hub.DefaultConfig;
import dev.herald.hub.Hub;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.Retention;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.memory.MemoryBudget;
import dev.herald.presence.ActiveSubscriptions;
import dev.herald.stream.SocketBudget;
import dev.herald.stream.StreamStats;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of invariant 8: a second whose figures cannot be read is skipped and ends no feed. */
class FiguresFeedTest {
    private static final long PLENTY = 1 << 20;

    private final EventLog log = new MemoryEventLog(
            Retention.of(10, PLENTY), PLENTY, PLENTY, 10, MemoryBudget.unlimited(), Clock.systemUTC());
    private final Hub hub = new Hub(log, DefaultConfig.sse());
    private final CapturedErrors logged = new CapturedErrors("dev.herald.web.admin");

    @BeforeEach
    void capture() {
        logged.start();
    }

    @AfterEach
    void close() {
        hub.close();
        log.close();
        logged.stop();
    }

    static Stream<Supplier<Error>> errors() {
        return Stream.of(
                () -> new OutOfMemoryError("Injected error."), () -> new StackOverflowError("Injected error."));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void feedContinuesAfterSecondsThatCannotBeRead(Supplier<Error> error) {
        AtomicInteger readings = new AtomicInteger();
        FiguresFeed feed = new FiguresFeed(hub, ActiveSubscriptions.DISABLED, new SocketBudget(), new StreamStats() {
            @Override
            public Ended ended() {
                if (readings.incrementAndGet() == 2) {
                    throw error.get();
                }
                return super.ended();
            }
        });
        List<Figures> seen = new CopyOnWriteArrayList<>();
        List<Throwable> failures = new CopyOnWriteArrayList<>();

        Cancellable watcher = feed.watch().subscribe().with(seen::add, failures::add);

        eventually().until(() -> seen.size() >= 2 || !failures.isEmpty());
        watcher.cancel();
        assertThat(failures).isEmpty();
        assertThat(readings.get()).isGreaterThanOrEqualTo(4);
        assertThat(logged.lines()).containsExactly("The figures of a second could not be read.");
    }
}
