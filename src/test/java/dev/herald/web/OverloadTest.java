package dev.herald.web;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.Patience;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.hub.Hub;
import dev.herald.log.EventLog;
import dev.herald.sse.EventStream;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of more updates than the log's queue accepts. */
@QuarkusTest
@TestProfile(SubscriberLimitTest.SmallLimits.class)
class OverloadTest {
    @RegisterExtension
    final HubClient hub = new HubClient();

    @Inject
    EventLog log;

    @Inject
    Hub server;

    @BeforeEach
    void awaitRoomForAStream() {
        eventually().until(() -> server.subscribers() == 0);
    }

    private final String topic = UUID.randomUUID().toString();

    @Test
    void fullQueueIsRejectedWith503AndAcceptedUpdatesAreDelivered() {
        EventStream stream = hub.live("/SSE?topic=" + topic);
        CountDownLatch release = new CountDownLatch(1);
        hold(release);
        Map<String, Future<HttpClientResponse>> answers = new HashMap<>();
        IntStream.range(0, 4).mapToObj(Integer::toString).forEach(json -> answers.put(json, post(json)));

        eventually().until(() -> answers.values().stream().anyMatch(Future::isComplete));
        String rejected = answers.keySet().stream()
                .filter(json -> answers.get(json).isComplete())
                .findFirst()
                .orElseThrow();
        HttpClientResponse rejection = done(answers.remove(rejected).toCompletionStage());
        release.countDown();

        assertThat(rejection.statusCode()).isEqualTo(503);
        assertThat(rejection.getHeader("Retry-After")).isEqualTo("1");
        assertThat(rejection.getHeader("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answers.values()).allSatisfy(answer -> assertThat(
                        done(answer.toCompletionStage()).statusCode())
                .isEqualTo(200));
        assertThat(done(post("\"after\"").toCompletionStage()).statusCode()).isEqualTo(200);
        stream.awaitCount(5);
        assertThat(stream.data()).endsWith("\"after\"").hasSize(4).containsAll(answers.keySet());
    }

    /** Blocks the log's thread, on which acknowledgements complete. */
    private void hold(CountDownLatch release) {
        Thread tester = Thread.currentThread();
        AtomicBoolean held = new AtomicBoolean();
        while (!held.get()) {
            CountDownLatch answered = new CountDownLatch(1);
            log.append(Update.of(new Topic("held"), "{}")).thenRun(() -> {
                // A callback added after completion runs on the caller's thread.
                held.set(Thread.currentThread() != tester);
                answered.countDown();
                if (held.get()) {
                    await(release);
                }
            });
            await(answered);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Future<HttpClientResponse> post(String json) {
        return hub.http().request(HttpMethod.POST, "/message?topic=" + topic).compose(request -> request.putHeader(
                        "Content-Type", "application/json")
                .send(json));
    }
}
