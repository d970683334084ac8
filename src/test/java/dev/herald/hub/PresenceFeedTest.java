package dev.herald.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.memory.MemoryBudget;

import static org.assertj.core.api.Assertions.assertThat;

/** What a crowd that comes and goes leaves to be published is bounded in bytes, long selectors and payloads included. */
class PresenceFeedTest {
    private final MemoryBudget budget = new MemoryBudget(1 << 20);
    private final List<CompletableFuture<Event>> published = new ArrayList<>();
    private final PresenceFeed feed = new PresenceFeed(
            Runnable::run,
            update -> {
                CompletableFuture<Event> answer = new CompletableFuture<>();
                published.add(answer);
                return answer;
            },
            (subscription, active) -> Update.of(new Topic(subscription.selector()), "{}"),
            budget);

    @Test
    void changesThatWaitStayWithinTheBudgetAndLeaveItWhenTheyArePublished() {
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
}
