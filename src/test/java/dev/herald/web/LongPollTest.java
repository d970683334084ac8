package dev.herald.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.Patience;
import dev.herald.auth.TokenMint;
import dev.herald.hub.Hub;
import dev.herald.memory.HeapShares;
import dev.herald.web.HubClient.Answer;
import dev.herald.web.PastEvents.Document;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL Q16 over HTTP: requests that wait for an event. */
@QuarkusTest
class LongPollTest {
    @RegisterExtension
    final HubClient hub = new HubClient();

    @Inject
    Hub server;

    @Inject
    HeapShares heap;

    private final PastEvents past = new PastEvents(hub);
    private final String topic = "test/" + UUID.randomUUID();
    private final String selected = "topic=" + topic;

    private static Map<String, String> bearer(String claims) {
        return Map.of("Authorization", "Bearer " + TokenMint.wellKnown().token(claims));
    }

    private void publishPrivately(String to) {
        assertThat(hub.send(HttpMethod.POST, "/message?private&topic=" + to, Map.of(), Buffer.buffer("{\"n\":9}"))
                        .status())
                .isEqualTo(200);
    }

    private Future<Document> poll(String query, Map<String, String> headers) {
        int before = server.subscribers();
        Future<Document> answer = past.reading(query, headers);
        eventually().until(() -> server.subscribers() > before || answer.isComplete());
        return answer;
    }

    private static Document done(Future<Document> answer) {
        return Patience.done(answer.toCompletionStage());
    }

    @Test
    void q16WaitingRequestIsAnsweredByTheNextEvent() {
        Document before = past.read(selected + "&since=earliest");
        Future<Document> answer = poll(selected + "&wait=5m&" + before.since(), Map.of());
        HubClient.publish(topic + "/other", "{\"n\":0}");
        publishPrivately(topic);
        assertThat(answer.isComplete()).isFalse();

        String id = HubClient.publish(topic, "{\"n\":1}");

        Document page = done(answer);
        assertThat(page.ids()).containsExactly(id);
        assertThat(page.gap()).isFalse();
        assertThat(past.read(selected + "&" + page.since()).events()).isEmpty();
    }

    @Test
    void q16RequestWithEventsDoesNotWait() {
        String id = HubClient.publish(topic, "{\"n\":1}");

        assertThat(past.read(selected + "&wait=5m").ids()).containsExactly(id);
        assertThat(past.read(selected + "&wait=5m&since=unknown").gap()).isTrue();
        assertThat(past.read("topic=none" + topic + "&wait=5m&since=unknown").gap())
                .isTrue();
    }

    @Test
    void q16WaitEndsWithAnEmptyPageWhoseCursorContinues() {
        Document empty = past.read(selected + "&wait=20ms&since=earliest");
        assertThat(empty.events()).isEmpty();
        assertThat(empty.gap()).isFalse();

        String id = HubClient.publish(topic, "{\"n\":1}");

        assertThat(past.read(selected + "&" + empty.since()).ids()).containsExactly(id);
        assertThat(past.read(selected + "&wait=0s&since=" + id).events()).isEmpty();
    }

    @Test
    void q16EachEventIsAnsweredOnceToAClientThatPollsAgain() {
        int events = 60;
        CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
            for (int n = 0; n < events; n++) {
                HubClient.publish(topic, "{\"n\":" + n + "}");
                HubClient.publish(topic + "/other", "{}");
            }
        });
        List<Integer> read = new ArrayList<>();
        Document page = past.read(selected + "&since=earliest&wait=10s");
        while (read.size() < events && !publishing.isCompletedExceptionally()) {
            read.addAll(page.numbers());
            page = past.read(selected + "&wait=" + (read.size() < events ? "10s&" : "1ms&") + page.since());
        }

        Patience.done(publishing);
        assertThat(read).isEqualTo(IntStream.range(0, events).boxed().toList());
        assertThat(page.events()).isEmpty();
    }

    @Test
    void q16PrivateEventEndsTheWaitOfItsReaderOnly() {
        Future<Document> anybody = poll(selected + "&wait=5m&since=earliest", Map.of());
        Future<Document> granted =
                poll(selected + "&wait=5m&since=earliest", bearer("{\"mercure\":{\"subscribe\":[\"" + topic + "\"]}}"));

        publishPrivately(topic);

        assertThat(done(granted).numbers()).containsExactly(9);
        assertThat(anybody.isComplete()).isFalse();
        HubClient.publish(topic, "{\"n\":1}");
        assertThat(done(anybody).numbers()).containsExactly(1);
    }

    @Test
    void e7WaitEndsWhenTheTokenExpires() {
        long expiry = Instant.now().plus(Duration.ofSeconds(3)).getEpochSecond();
        Future<Document> answer = poll(
                selected + "&wait=5m&since=earliest",
                bearer("{\"exp\":" + expiry + ",\"mercure\":{\"subscribe\":[\"*\"]}}"));

        Document page = done(answer);

        assertThat(Instant.now().getEpochSecond()).isGreaterThanOrEqualTo(expiry);
        assertThat(page.events()).isEmpty();
        String id = HubClient.publish(topic, "{\"n\":1}");
        assertThat(past.read(selected + "&" + page.since()).ids()).containsExactly(id);
    }

    @Test
    void q16WaitEndsWhenAnAdministratorRevokesTheToken() {
        String subject = "reader-" + UUID.randomUUID();
        Future<Document> answer = poll(
                selected + "&wait=5m&since=earliest",
                bearer("{\"sub\":\"" + subject + "\",\"mercure\":{\"subscribe\":[\"*\"]}}"));

        Answer revoked = hub.send(
                HttpMethod.POST,
                "/admin/revocations",
                bearer("{\"mercure\":{\"admin\":true}}"),
                Buffer.buffer("until=2100-01-01T00:00:00Z&subject=" + subject));
        assertThat(revoked.status()).as(revoked.body()).isEqualTo(200);

        assertThat(done(answer).events()).isEmpty();
    }

    @Test
    void q16ClientThatLeavesReleasesEverything() {
        eventually().until(() -> server.subscribers() == 0 && heap.history().reserved() == 0);
        long streams = heap.streams().reserved();
        HttpClient client = hub.http();
        for (int i = 0; i < 20; i++) {
            client.request(HttpMethod.GET, "/updates?wait=5m&since=earliest&" + selected)
                    .onSuccess(request -> request.send());
        }
        eventually().until(() -> server.subscribers() == 20);

        Patience.done(client.close().toCompletionStage());

        eventually().until(() -> server.subscribers() == 0);
        eventually().untilAsserted(() -> assertThat(heap.streams().reserved()).isEqualTo(streams));
        assertThat(heap.history().reserved()).isZero();
    }

    /** Neither is any left behind by requests that were answered. */
    @Test
    void q16AnsweredRequestReleasesEverything() {
        eventually().until(() -> server.subscribers() == 0);
        long streams = heap.streams().reserved();

        past.read(selected + "&wait=20ms&since=earliest");
        Future<Document> answer = poll(selected + "&wait=5m&since=earliest", Map.of());
        HubClient.publish(topic, "{\"n\":1}");
        done(answer);

        eventually().untilAsserted(() -> {
            assertThat(server.subscribers()).isZero();
            assertThat(heap.streams().reserved()).isEqualTo(streams);
            assertThat(heap.history().reserved()).isZero();
        });
    }

    @Test
    void q16LinesWaitToo() {
        Future<Answer> answer = hub.sending(
                HttpMethod.GET,
                "/updates?wait=5m&since=earliest&" + selected,
                Map.of("Accept", PastEvents.LINES),
                Buffer.buffer());
        eventually().until(() -> server.subscribers() > 0);

        String id = HubClient.publish(topic, "{\"n\":1}");

        assertThat(Patience.done(answer.toCompletionStage()).body())
                .contains(id)
                .contains("\"next\":\"#");
    }
}
