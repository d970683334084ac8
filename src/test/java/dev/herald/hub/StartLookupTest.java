package dev.herald.hub;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.Test;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.EventLog;
import dev.herald.log.Purge;
import dev.herald.log.Retention;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static org.assertj.core.api.Assertions.assertThat;

class StartLookupTest {
    private static final EventId ID = new EventId("id");

    private static Update update() {
        return new Update(
                List.of(new Topic("news")), "x", false, Optional.of(ID), Optional.empty(), OptionalLong.empty());
    }

    /** The lookup of the event waits for a reader; that of its placeholder must not be quicker. */
    @Test
    void clientResumesAfterAnEventThatIsPurgedDuringTheLookup() {
        try (EventLog log = new MemoryEventLog(
                Retention.of(100, 1 << 20),
                Long.MAX_VALUE,
                1 << 20,
                100,
                MemoryBudget.unlimited(),
                Clock.systemUTC())) {
            done(log.append(update()));
            CompletableFuture<Void> reader = new CompletableFuture<>();
            EventLog slow = new DelegatingLog(log) {
                @Override
                public CompletionStage<Optional<Event>> find(EventId id, List<TopicSelector> grants) {
                    return reader.thenCompose(free -> super.find(id, grants));
                }
            };
            Subscription subscription =
                    new Subscription(List.of(TopicSelector.parse("news")), List.of(), Optional.of(ID.value()), true);
            CompletionStage<StartPosition> start = new StartLookup(
                            slow, matching -> CompletableFuture.completedStage(false))
                    .find(subscription, Runnable::run, () -> false);

            done(log.purge(new Purge.OfId(ID)));
            reader.complete(null);

            assertThat(done(start)).isEqualTo(StartPosition.after(1));
        }
    }
}
