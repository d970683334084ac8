package dev.herald.web.history;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.herald.Patience;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.hub.DefaultConfig;
import dev.herald.hub.Hub;
import dev.herald.hub.ReplayFrom;
import dev.herald.hub.Subscription;
import dev.herald.log.Retention;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;
import dev.herald.web.AnswerMemory;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests of invariant 5 for past events: memory stays reserved while a step uses it, though the client has gone. */
class ReadingTest {
    private static final long PLENTY = 1L << 30;
    private static final int REQUEST_BYTES = 1_000;

    private final MemoryEventLog log = new MemoryEventLog(
            Retention.of(1_000, PLENTY), PLENTY, 50_000, 100_000, MemoryBudget.unlimited(), Clock.systemUTC());
    private final Hub hub = new Hub(log, DefaultConfig.sse());
    private final HistoryThreads threads = new HistoryThreads();
    private final MemoryBudget requests = new MemoryBudget(PLENTY);
    private final MemoryBudget answers = new MemoryBudget(PLENTY);
    private final CountDownLatch release = new CountDownLatch(1);
    private final Reading reading = reading();

    private Reading reading() {
        Subscription subscription = new Subscription(
                List.of(TopicSelector.parse("a")),
                List.of(),
                Optional.empty(),
                Optional.of(new ReplayFrom.Latest(2)),
                true,
                Optional.empty(),
                Optional.empty());
        AnswerMemory request = new AnswerMemory(requests);
        request.grow(REQUEST_BYTES);
        return new Reading(
                new Reading.Services(hub, null, null, threads),
                null,
                null,
                null,
                subscription,
                request,
                new AnswerMemory(answers));
    }

    @BeforeEach
    void publish() {
        done(hub.publish(Update.of(new Topic("a"), "data")));
    }

    @AfterEach
    void close() {
        release.countDown();
        threads.close();
        hub.close();
        log.close();
    }

    /** Occupies all threads of history until the release. */
    private void occupyThreads() {
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            threads.execute(() -> {
                try {
                    assertThat(release.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
                            .isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    private void isReleasedOnceTheStepHasRun() {
        reading.leave();
        assertThat(requests.reserved()).isEqualTo(REQUEST_BYTES);

        release.countDown();

        eventually().until(() -> requests.reserved() == 0 && answers.reserved() == 0);
    }

    /** PROTOCOL Q16. */
    @Test
    void eventsThatTheLogDoesNotKeepDoNotCount() {
        String first = done(log.append(Update.of(new Topic("a"), "1"))).id().value();
        done(log.appendTransient(Update.of(new Topic("a"), "passing")));
        done(log.appendTransient(Update.of(new Topic("a"), "passing")));
        String second = done(log.append(Update.of(new Topic("a"), "2"))).id().value();

        Chunk chunk = done(reading.first(2, 1_000_000));

        List<String> events = chunk.events().stream()
                .map(event -> new String(event, StandardCharsets.UTF_8))
                .toList();
        assertThat(chunk.kept()).isEqualTo(2);
        assertThat(events).hasSize(4);
        assertThat(events.get(0)).contains(first);
        assertThat(events.get(3)).contains(second);
    }

    @Test
    void requestWaitsForTheStepThatSearchesItsStart() {
        occupyThreads();
        CompletionStage<Chunk> first = reading.first(10, 1_000);

        isReleasedOnceTheStepHasRun();
        assertThat(first.toCompletableFuture()).failsWithin(Patience.LIMIT);
    }

    @Test
    void answerWaitsForTheStepThatEncodesIt() {
        Chunk chunk = done(reading.first(10, 1_000));
        assertThat(chunk.events()).hasSize(1);
        long bytes = answers.reserved();
        assertThat(bytes).isPositive();
        occupyThreads();
        CompletionStage<HistoryPage> page = reading.page(chunk, null);

        reading.leave();
        assertThat(answers.reserved()).isEqualTo(bytes);
        isReleasedOnceTheStepHasRun();
        done(page);
    }

    @Test
    void noStepBeginsOnceTheMemoryIsReleased() {
        Chunk chunk = done(reading.first(10, 1_000));

        reading.leave();

        assertThat(requests.reserved() + answers.reserved()).isZero();
        assertThatThrownBy(() -> reading.page(chunk, null)).hasMessageContaining("disconnected");
    }
}
