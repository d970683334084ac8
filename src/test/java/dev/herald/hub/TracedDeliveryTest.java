package dev.herald.hub;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.EventExecutorGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.herald.event.Fingerprint;
import dev.herald.event.IdempotencyKey;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.log.EventLog;
import dev.herald.log.LogClosedException;
import dev.herald.log.Retention;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;
import dev.herald.tracing.TraceCalls;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests of the way of a traced update through the hub. */
class TracedDeliveryTest {
    private static final Topic TOPIC = new Topic("t");

    private final EventExecutorGroup loops = new DefaultEventExecutorGroup(2);
    private final EventLog log = new MemoryEventLog(
            Retention.of(1_000, 1 << 20), 1 << 20, 1 << 20, 1_000, MemoryBudget.unlimited(), Clock.systemUTC());
    private final Hub hub = new Hub(log, TestConfig.QUIET);
    private final TraceCalls calls = new TraceCalls();

    @AfterEach
    void stop() {
        hub.close();
        log.close();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private RecordingOutlet open(EventExecutor loop, Topic topic) {
        return new RecordingOutlet(loop)
                .open(
                        hub,
                        new Subscription(List.of(new TopicSelector.Exact(topic)), List.of(), Optional.empty(), true));
    }

    @Test
    void traceEndsWithTheNumberOfStreamsOfAllLoops() {
        EventExecutor first = loops.next();
        EventExecutor second = loops.next();
        List<RecordingOutlet> subscribers = List.of(open(first, TOPIC), open(first, TOPIC), open(second, TOPIC));
        open(second, new Topic("another"));

        done(hub.publish(UpdateBatch.of(Update.of(TOPIC, "1")), calls));

        eventually().untilAsserted(() -> assertThat(calls.made)
                .containsExactly("enqueued", "taken", "stored", "delivered by 2 to 3"));
        assertThat(subscribers).allSatisfy(outlet -> assertThat(outlet.data()).containsExactly("1"));
    }

    @Test
    void eachOfManyUpdatesIsCountedForItself() {
        open(loops.next(), TOPIC);
        open(loops.next(), TOPIC);

        for (int i = 0; i < 100; i++) {
            hub.publish(UpdateBatch.of(Update.of(TOPIC, "" + i)), calls);
            hub.publish(Update.of(TOPIC, "untraced"));
        }

        eventually().untilAsserted(() -> assertThat(calls.made)
                .filteredOn(call -> call.startsWith("delivered"))
                .hasSize(100)
                .containsOnly("delivered by 2 to 2"));
    }

    @Test
    void severalUpdatesAreFollowedByTheirLast() {
        open(loops.next(), TOPIC);
        open(loops.next(), new Topic("another"));
        List<Update> updates = List.of(Update.of(new Topic("another"), "1"), Update.of(TOPIC, "2"));

        done(hub.publish(new UpdateBatch(updates, Optional.empty()), calls));

        eventually().untilAsserted(() -> assertThat(calls.made)
                .containsExactly("enqueued", "taken", "stored", "delivered by 2 to 1"));
    }

    @Test
    void repeatedUpdateIsNotDelivered() {
        UpdateBatch batch = new UpdateBatch(
                List.of(Update.of(TOPIC, "1")),
                Optional.of(new IdempotencyKey(new Fingerprint(1, 2), new Fingerprint(3, 4))));
        done(hub.publish(batch));

        done(hub.publish(batch, calls));

        eventually().untilAsserted(() -> assertThat(calls.made).containsExactly("enqueued", "taken", "repeated"));
    }

    @Test
    void updateThatIsNotStoredFails() {
        log.close();

        assertThatThrownBy(() -> done(hub.publish(UpdateBatch.of(Update.of(TOPIC, "1")), calls)))
                .hasRootCauseInstanceOf(LogClosedException.class);

        assertThat(calls.made).containsExactly("enqueued", "failed");
    }
}
