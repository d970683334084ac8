package dev.herald.web.history;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.hub.DefaultConfig;
import dev.herald.hub.Hub;
import dev.herald.hub.Subscription;
import dev.herald.identity.Revocations;
import dev.herald.log.Retention;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.memory.MemoryBudget;
import dev.herald.roster.Roster;
import dev.herald.selector.TopicSelector;
import dev.herald.web.RosteredStreams;
import dev.herald.web.RosteredStreams.Visitor;
import dev.herald.web.history.LongPoll.Cause;
import dev.herald.web.history.LongPoll.Wake;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL Q16 without HTTP: how the wait for an event ends, and where reading continues. */
class LongPollEndTest {
    private static final long PLENTY = 1L << 30;
    private static final Duration LONG = Duration.ofMinutes(5);

    private final EventLoop loop = new DefaultEventLoop();
    private final MemoryEventLog log = new MemoryEventLog(
            Retention.of(1_000, PLENTY), PLENTY, 50_000, 100_000, MemoryBudget.unlimited(), Clock.systemUTC());
    private final Hub hub = new Hub(log, DefaultConfig.sse());
    private final RosteredStreams streams =
            new RosteredStreams(hub, null, new Roster(false, Clock.systemUTC()), Revocations.none());

    @AfterEach
    void close() {
        eventually().untilAsserted(() -> assertThat(hub.subscribers()).isZero());
        hub.close();
        log.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static Update update(String topic, boolean isPrivate) {
        return new Update(
                List.of(new Topic(topic)), "data", isPrivate, Optional.empty(), Optional.empty(), OptionalLong.empty());
    }

    private long publish(String topic, boolean isPrivate) {
        return done(hub.publish(update(topic, isPrivate))).position();
    }

    private CompletionStage<Wake> begin(LongPoll poll, Optional<Instant> expiry, Duration wait) {
        Subscription subscription = new Subscription(
                List.of(TopicSelector.parse("a")),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                expiry,
                Optional.empty());
        return done(loop.submit(() -> poll.begin(streams, Visitor.UNKNOWN, loop, subscription, wait)));
    }

    private static <T> T done(io.netty.util.concurrent.Future<T> future) {
        return future.syncUninterruptibly().getNow();
    }

    private static <T> T done(CompletionStage<T> stage) {
        return dev.herald.Patience.done(stage);
    }

    private CompletionStage<Wake> begin(long after, Duration wait) {
        return begin(new LongPoll(loop, after), Optional.empty(), wait);
    }

    /** What others publish meanwhile is not read again. */
    @Test
    void q16EventEndsTheWaitDirectlyBeforeIt() {
        CompletionStage<Wake> wake = begin(0, LONG);
        eventually().until(() -> hub.subscribers() == 1);
        for (int i = 0; i < 2_000; i++) {
            publish("b", false);
            publish("a", true);
        }
        eventually()
                .until(() -> hub.laneStats().get(0).get(dev.herald.stats.LaneCounter.POSITION)
                        == log.recent().head());

        long position = publish("a", false);

        assertThat(done(wake).cause()).isEqualTo(Cause.EVENT);
        assertThat(done(wake).reached()).isEqualTo(position - 1);
    }

    /** They are delivered in one turn. */
    @Test
    void q16BatchEndsTheWaitBeforeItsFirstEvent() {
        CompletionStage<Wake> wake = begin(0, LONG);
        eventually().until(() -> hub.subscribers() == 1);
        List<Update> updates = List.of(
                update("a", true), update("a", false), update("b", false), update("a", false), update("a", false));

        done(hub.publish(new UpdateBatch(updates, Optional.empty(), 1_000)));

        assertThat(done(wake).cause()).isEqualTo(Cause.EVENT);
        assertThat(done(wake).reached()).isLessThanOrEqualTo(log.recent().head() - 4);
    }

    @Test
    void q16EventBeforeTheWaitEndsItAtOnce() {
        long position = publish("a", false);

        Wake wake = done(begin(0, LONG));

        assertThat(wake.cause()).isEqualTo(Cause.EVENT);
        assertThat(wake.reached()).isLessThan(position);
    }

    @Test
    void q16ElapsedWaitContinuesWhereItHasReached() {
        CompletionStage<Wake> wake = begin(0, Duration.ofMillis(300));
        eventually().until(() -> hub.subscribers() == 1);
        publish("b", false);
        long position = publish("a", true);

        assertThat(done(wake).cause()).isEqualTo(Cause.ELAPSED);
        assertThat(done(wake).reached()).isLessThanOrEqualTo(position);
        assertThat(done(begin(position, Duration.ofMillis(1))).reached()).isEqualTo(position);
    }

    @Test
    void e8DrainingHubEndsTheWait() {
        CompletionStage<Wake> wake = begin(0, LONG);
        eventually().until(() -> hub.subscribers() == 1);
        long position = publish("b", false);

        done(hub.drain(Duration.ofMillis(10)));

        assertThat(done(wake).cause()).isEqualTo(Cause.ENDED);
        assertThat(done(wake).reached()).isEqualTo(position);
    }

    @Test
    void e8DrainingHubRejectsFurtherWaits() {
        hub.beginDrain();

        assertThat(done(begin(0, LONG)).cause()).isEqualTo(Cause.REJECTED);
    }

    @Test
    void e7ExpiredTokenEndsTheWait() {
        LongPoll poll = new LongPoll(loop, 0);

        Wake wake = done(begin(poll, Optional.of(Instant.now().plusMillis(300)), LONG));

        assertThat(wake.cause()).isEqualTo(Cause.ENDED);
    }

    /** The reader then finds the gap. */
    @Test
    void e6GapEndsTheWait() {
        for (int i = 0; i < 2_000; i++) {
            publish("b", false);
        }

        assertThat(done(begin(1, LONG)).cause()).isIn(Cause.ENDED, Cause.REJECTED);
    }

    @Test
    void q16LeftWaitNeverCompletes() {
        LongPoll poll = new LongPoll(loop, 0);
        CompletionStage<Wake> wake = begin(poll, Optional.empty(), LONG);
        eventually().until(() -> hub.subscribers() == 1);

        loop.execute(poll::leave);

        eventually().until(() -> hub.subscribers() == 0);
        publish("a", false);
        assertThat(wake.toCompletableFuture()).isNotDone();
    }
}
