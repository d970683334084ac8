package dev.herald.web;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.auth.TokenMint;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient.Answer;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL Q15 over HTTP: publishing requests with an {@code Idempotency-Key}. */
@QuarkusTest
class IdempotencyTest {
    private static final String FORM = "application/x-www-form-urlencoded";

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = "test/" + UUID.randomUUID();
    private final String key = UUID.randomUUID().toString();

    private static Map<String, String> headers(String type, String... more) {
        Map<String, String> headers = new HashMap<>(Map.of("Content-Type", type));
        for (int i = 0; i < more.length; i += 2) {
            headers.put(more[i], more[i + 1]);
        }
        return headers;
    }

    private Answer message(String data, String... headers) {
        return hub.send(
                HttpMethod.POST, "/message?topic=" + topic, headers("application/json", headers), Buffer.buffer(data));
    }

    private Answer keyed(String data) {
        return message(data, "Idempotency-Key", key);
    }

    private String updates(int count) {
        return String.join(
                "\n",
                IntStream.range(0, count)
                        .mapToObj(i -> "{\"topic\":\"" + topic + "\",\"data\":\"" + i + "\"}")
                        .toList());
    }

    private Answer postAll(String body) {
        return hub.send(
                HttpMethod.POST,
                "/updates",
                headers("application/x-ndjson", "Idempotency-Key", key),
                Buffer.buffer(body));
    }

    private List<String> published() {
        EventStream stream = hub.open("/SSE?lastEventID=earliest&topic=" + topic);
        HubClient.publish(topic, "\"the last\"");
        eventually().until(() -> stream.data().contains("\"the last\""));
        List<String> data = stream.data();
        return data.subList(0, data.indexOf("\"the last\""));
    }

    private static void isProblem(Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(new JsonObject(answer.body()).getString("type")).isEqualTo("urn:problem-type:herald:" + type);
        assertThat(new JsonObject(answer.body()).getString("detail")).contains("Nothing was published");
    }

    @Test
    void q15RepeatedMessageGetsTheFirstAnswerAndIsPublishedOnce() {
        Answer first = keyed("{\"a\":1}");
        Answer second = keyed("{\"a\":1}");

        assertThat(first.status()).isEqualTo(200);
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Event-ID"))
                .isEqualTo(first.header("Event-ID"))
                .startsWith("urn:uuid:");
        assertThat(published()).containsExactly("{\"a\":1}");
    }

    @Test
    void q15RepeatedMercureUpdateGetsTheFirstAnswerAndIsPublishedOnce() {
        Buffer form = Buffer.buffer("topic=" + topic + "&data=x");
        Map<String, String> headers = headers(FORM, "Idempotency-Key", key);

        Answer first = hub.send(HttpMethod.POST, "/.well-known/mercure", headers, form);
        Answer second = hub.send(HttpMethod.POST, "/.well-known/mercure", headers, form);

        assertThat(first.status()).isEqualTo(200);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(published()).containsExactly("x");
    }

    @Test
    void q15RepeatedBatchGetsTheFirstAnswerAndIsPublishedOnce() {
        Answer first = postAll(updates(100));
        Answer second = postAll(updates(100));
        Answer asJson = hub.send(
                HttpMethod.POST,
                "/updates",
                headers("application/json", "Idempotency-Key", key),
                Buffer.buffer("[" + updates(100).replace("\n", " , ") + "]"));

        assertThat(first.status()).isEqualTo(200);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(asJson.body()).as("the same updates in another notation").isEqualTo(first.body());
        assertThat(published()).hasSize(100);
    }

    @Test
    void q15ConcurrentRequestsWithOneKeyGetOneAnswer() {
        List<Future<Answer>> sent = IntStream.range(0, 30)
                .mapToObj(i -> hub.sending(
                        HttpMethod.POST,
                        "/updates",
                        headers("application/x-ndjson", "Idempotency-Key", key),
                        Buffer.buffer(updates(20))))
                .toList();

        assertThat(sent)
                .extracting(answer -> done(answer.toCompletionStage()).status())
                .containsOnly(200);
        assertThat(sent.stream().map(answer -> answer.result().body()).distinct())
                .hasSize(1);
        assertThat(published()).hasSize(20);
    }

    @Test
    void q15KeyWithOtherUpdatesIsRejected() {
        keyed("{\"a\":1}");

        isProblem(keyed("{\"a\":2}"), 422, "key-reused");
        isProblem(
                hub.send(
                        HttpMethod.POST,
                        "/message?private=on&topic=" + topic,
                        headers("application/json", "Idempotency-Key", key),
                        Buffer.buffer("{\"a\":1}")),
                422,
                "key-reused");
        isProblem(postAll(updates(2)), 422, "key-reused");
        assertThat(published()).containsExactly("{\"a\":1}");
    }

    @Test
    void q15RejectedRequestDoesNotUseItsKey() {
        assertThat(keyed("{").status()).isEqualTo(400);
        assertThat(postAll(updates(2) + "\n{").status()).isEqualTo(400);

        assertThat(keyed("{\"a\":1}").status()).isEqualTo(200);
        assertThat(published()).containsExactly("{\"a\":1}");
    }

    /** One publisher must not learn of another's key, nor prevent its updates. */
    @Test
    void q15KeyBelongsToItsPublisher() {
        List<String> claims = List.of(
                "{\"sub\":\"a\",\"mercure\":{\"publish\":[\"*\"]}}",
                "{\"sub\":\"b\",\"mercure\":{\"publish\":[\"*\"]}}",
                "{\"mercure\":{\"publish\":[\"*\"]}}",
                "{\"mercure\":{\"publish\":[\"" + topic + "\"]}}");

        List<String> ids = claims.stream()
                .map(claim -> message(
                                "1",
                                "Idempotency-Key",
                                key,
                                "Authorization",
                                "Bearer " + TokenMint.wellKnown().token(claim))
                        .header("Event-ID"))
                .toList();
        String anonymous = keyed("1").header("Event-ID");
        String renewed = message(
                        "1",
                        "Idempotency-Key",
                        key,
                        "Authorization",
                        "Bearer "
                                + TokenMint.wellKnown()
                                        .token("{\"jti\":\"2\",\"sub\":\"a\",\"mercure\":{\"publish\":[\"*\",\"x\"]}}"))
                .header("Event-ID");

        assertThat(ids).doesNotContainNull().doesNotHaveDuplicates().doesNotContain(anonymous);
        assertThat(renewed).as("another token of the same subject").isEqualTo(ids.get(0));
        assertThat(published()).hasSize(5);
    }

    @Test
    void q15RequestsWithoutAKeyAreIndependent() {
        message("1");
        message("1");

        assertThat(published()).containsExactly("1", "1");
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 10 << 10})
    void q15LongKeyIsRejected(int length) {
        isProblem(message("1", "Idempotency-Key", "k".repeat(length)), 400, "invalid-field");

        assertThat(message("2", "Idempotency-Key", (key + "k".repeat(255)).substring(0, 255))
                        .status())
                .isEqualTo(200);
        assertThat(published()).containsExactly("2");
    }

    /** A client whose key is empty by mistake believes that it may send again. */
    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "é", "a\tb"})
    void q15InvalidKeyIsRejected(String invalid) {
        isProblem(message("1", "Idempotency-Key", invalid), 400, "invalid-field");

        assertThat(published()).isEmpty();
    }

    @Test
    void q15TwoKeysAreRejected() {
        Answer answer = done(hub.http()
                .request(HttpMethod.POST, "/message?topic=" + topic)
                .compose(request -> {
                    request.headers()
                            .add("Content-Type", "application/json")
                            .add("Idempotency-Key", "a")
                            .add("Idempotency-Key", "b");
                    return request.send(Buffer.buffer("1")).compose(response -> response.body()
                            .map(body -> new Answer(response.statusCode(), response.headers(), body.toString())));
                })
                .toCompletionStage());

        isProblem(answer, 400, "invalid-field");
        assertThat(published()).isEmpty();
    }
}
