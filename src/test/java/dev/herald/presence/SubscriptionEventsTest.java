package dev.herald.presence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.CapturedErrors;
import dev.herald.log.LogClosedException;
import dev.herald.log.LogFullException;
import dev.herald.log.LogStorageFullException;
import dev.herald.logging.WarningEpisodes;
import dev.herald.memory.MemoryBudget;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of pending presence updates: they are bounded in bytes, including long selectors and payloads. Updates that
 * cannot be published are reported once per episode.
 */
class SubscriptionEventsTest {
    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.presence");

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
    private final MemoryBudget budget = new MemoryBudget(1 << 20);
    private final List<CompletableFuture<Event>> published = new ArrayList<>();
    private final SubscriptionEvents feed = new SubscriptionEvents(
            Runnable::run,
            update -> {
                CompletableFuture<Event> answer = new CompletableFuture<>();
                published.add(answer);
                return answer;
            },
            (subscription, active) -> Update.of(new Topic(subscription.selector()), "{}"),
            budget,
            now::get);

    @Test
    void pendingChangesStayWithinTheBudgetAndAreReleasedWhenPublished() {
        logged.expect("Changes of subscriptions are dropped");
        String longSelector = "s".repeat(4_000);
        for (int i = 0; i < 1_000; i++) {
            feed.changed(new ActiveSubscription(longSelector, new UUID(0, i), Optional.of("p".repeat(10_000))), true);
        }
        assertThat(budget.reserved()).isBetween(500_000L, budget.limit());

        Event event = Event.of(1, new EventId("id"), Instant.EPOCH, true, Update.of(new Topic("t"), "{}"));
        for (int i = 0; i < published.size(); i++) {
            published.get(i).complete(event);
        }

        assertThat(budget.reserved()).isZero();
        assertThat(published).hasSizeBetween(80, 200);
    }

    private void change() {
        feed.changed(new ActiveSubscription("s", new UUID(0, 1), Optional.empty()), true);
    }

    private void rejectAll(RuntimeException failure, int count) {
        for (int i = 0; i < count; i++) {
            change();
            published.get(published.size() - 1).completeExceptionally(failure);
        }
    }

    @Test
    void rejectionsByTheLogAreReportedOncePerEpisode() {
        rejectAll(new LogFullException(), 200);
        now.addAndGet(TimeUnit.SECONDS.toNanos(WarningEpisodes.QUIET_SECONDS) - 1);
        rejectAll(new LogStorageFullException("The disk is full.", null), 200);
        assertThat(logged.lines()).hasSize(1);

        now.addAndGet(TimeUnit.SECONDS.toNanos(WarningEpisodes.QUIET_SECONDS));
        rejectAll(new LogFullException(), 200);

        assertThat(logged.lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("Changes of subscriptions are not published"));
    }

    @Test
    void closedLogIsNotReported() {
        rejectAll(new LogClosedException(), 3);

        assertThat(logged.lines()).isEmpty();
    }

    @Test
    void droppedChangesAreReportedOncePerEpisode() {
        for (int episode = 1; episode <= 2; episode++) {
            for (int i = 0; i < 20_000; i++) {
                change();
            }

            assertThat(logged.lines())
                    .hasSize(episode)
                    .allMatch(line -> line.startsWith("Changes of subscriptions are dropped"));
            now.addAndGet(TimeUnit.SECONDS.toNanos(WarningEpisodes.QUIET_SECONDS));
        }
    }
}
