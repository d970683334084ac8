package dev.herald.hub;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;
import dev.herald.log.Purge;
import dev.herald.log.Retention;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static org.assertj.core.api.Assertions.assertThat;

class StartLookupTest {
    private static final EventId ID = new EventId("id");

    @RegisterExtension
    final CapturedErrors errors = new CapturedErrors("dev.herald.hub");

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

    private static MemoryEventLog memory() {
        return new MemoryEventLog(
                Retention.of(1_000, 1 << 20),
                Long.MAX_VALUE,
                1 << 20,
                100,
                MemoryBudget.unlimited(),
                Clock.systemUTC());
    }

    /** Log of a node that reads an event of another node only when it catches up. */
    private static EventLog lagging(EventLog log) {
        return new DelegatingLog(log) {
            @Override
            public CompletionStage<Boolean> catchUp() {
                return log.append(update()).thenApply(event -> true);
            }
        };
    }

    private static CompletionStage<StartPosition> find(EventLog log, String requested) {
        return new StartLookup(log, matching -> CompletableFuture.completedStage(false))
                .find(
                        new Subscription(List.of(TopicSelector.parse("news")), List.of(), Optional.of(requested), true),
                        Runnable::run,
                        () -> false);
    }

    @Test
    void cursorOfAQuickerNodeWaitsUntilThisNodeHasCaughtUp() {
        try (EventLog log = memory()) {
            assertThat(done(find(lagging(log), log.cursors().seal(1)))).isEqualTo(StartPosition.after(1));
        }
    }

    @Test
    void idOfAQuickerNodeIsLookedUpAgainOnceThisNodeHasCaughtUp() {
        try (EventLog log = memory()) {
            assertThat(done(find(lagging(log), ID.value()))).isEqualTo(StartPosition.after(1));
        }
    }

    @Test
    void idThatNoNodeKnowsIsLost() {
        try (EventLog log = memory()) {
            assertThat(done(find(lagging(log), "unknown"))).isEqualTo(StartPosition.lost(0));
        }
    }

    /** A gap would be told that is none. The log has reported the reason, once for all streams. */
    @Test
    void clientOfAQuickerNodeRetriesQuietlyWhileTheSharedLogCannotBeReached() {
        try (EventLog log = memory()) {
            EventLog cut = new DelegatingLog(log) {
                @Override
                public CompletionStage<Boolean> catchUp() {
                    return CompletableFuture.failedStage(new EventLogException("The shared log cannot be reached."));
                }
            };

            assertThat(done(find(cut, ID.value()))).isEqualTo(StartPosition.RETRY_LATER);
            assertThat(done(find(cut, log.cursors().seal(1)))).isEqualTo(StartPosition.RETRY_LATER);
        }
    }

    @Test
    void lookupThatFailsIsReported() {
        errors.expect("A stream was rejected with a time to reconnect");
        try (EventLog log = memory()) {
            EventLog damaged = new DelegatingLog(log) {
                @Override
                public CompletionStage<Optional<Event>> find(EventId id, List<TopicSelector> grants) {
                    return CompletableFuture.failedStage(new EventLogException("The log is damaged."));
                }
            };

            assertThat(done(find(damaged, ID.value()))).isEqualTo(StartPosition.RETRY_LATER);
        }
    }
}
