package dev.herald.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.memory.HeapShares;
import dev.herald.web.HubClient.Answer;
import dev.herald.web.PastEvents.Document;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL Q16 over HTTP: all past events, one a line. */
@QuarkusTest
class HistoryLinesTest {
    private static final int MANY = 20_000;
    private static final int BATCH = 5_000;

    @RegisterExtension
    final HubClient hub = new HubClient();

    @Inject
    HeapShares heap;

    private final PastEvents past = new PastEvents(hub);
    private final String topic = "test/" + UUID.randomUUID();
    private final String selected = "topic=" + topic;

    private void publish(int from, int to) {
        String body = IntStream.range(from, to)
                .mapToObj(n -> "{\"topic\":\"" + topic + "\",\"data\":{\"n\":" + n + "}}")
                .collect(Collectors.joining("\n"));
        Answer answer =
                hub.send(HttpMethod.POST, "/updates", Map.of("Content-Type", PastEvents.LINES), Buffer.buffer(body));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    @Test
    void q16LinesAreAllEventsInOrder() {
        for (int n = 0; n < MANY; n += BATCH) {
            publish(n, n + BATCH);
        }

        Document export = past.lines(selected + "&since=earliest");

        assertThat(export.numbers()).isEqualTo(IntStream.range(0, MANY).boxed().toList());
        assertThat(export.gap()).isFalse();
        assertThat(past.read(selected + "&" + export.since()).events()).isEmpty();
        eventually().untilAsserted(() -> assertThat(heap.history().reserved()).isZero());
    }

    @Test
    void q16LimitAndStartApplyToLines() {
        publish(0, 250);

        assertThat(past.lines(selected).numbers())
                .as("the latest, without a start")
                .isEqualTo(IntStream.range(150, 250).boxed().toList());
        Document limited = past.lines(selected + "&since=earliest&limit=150");
        assertThat(limited.numbers()).isEqualTo(IntStream.range(0, 150).boxed().toList());
        assertThat(past.lines(selected + "&" + limited.since()).numbers())
                .isEqualTo(IntStream.range(150, 250).boxed().toList());
        assertThat(past.lines(selected + "&since=unknown").gap()).isTrue();
        assertThat(past.lines("topic=none" + topic + "&since=earliest").events())
                .isEmpty();
    }

    /** Its end is that of the connection. */
    @Test
    void q16ClientOfHttp10GetsLinesToTheEndOfTheConnection() throws IOException {
        publish(0, 3);
        String answer;
        try (RawConnection connection = new RawConnection()) {
            answer = connection
                    .send("GET /updates?" + selected + "&since=earliest HTTP/1.0\r\nAccept: " + PastEvents.LINES
                            + "\r\n\r\n")
                    .readToEnd();
        }

        assertThat(answer).startsWith("HTTP/1.").contains(" 200 OK").doesNotContainIgnoringCase("chunked");
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertThat(body.lines()).hasSize(4);
        assertThat(body).contains("{\"n\":2}").endsWith("\"gap\":false}\n");
    }

    /** The connection serves further requests. */
    @Test
    void q16ConnectionIsReusedAfterLines() throws IOException {
        publish(0, 3);
        List<String> answers = new ArrayList<>();
        try (RawConnection connection = new RawConnection()) {
            for (int i = 0; i < 2; i++) {
                connection.send("GET /updates?" + selected + "&since=earliest HTTP/1.1\r\nHost: localhost\r\nAccept: "
                        + PastEvents.LINES + "\r\n\r\n");
                answers.add(connection.readUntil("\r\n0\r\n\r\n"));
            }
        }

        assertThat(answers).allSatisfy(answer -> assertThat(answer).contains("{\"n\":2}", "\"gap\":false}"));
    }

    @Test
    void q16LineIsOneObjectWhateverTheData() {
        String data = "a\nb\r\nc\u2028\u0001\"\\ \u017e\ud83d\udc0e";
        hub.send(
                HttpMethod.POST,
                "/message?topic=" + topic,
                Map.of("Content-Type", "application/json"),
                Buffer.buffer("{\n\"a\":\r\n[1]}".getBytes(StandardCharsets.UTF_8)));
        Answer published = hub.send(
                HttpMethod.POST,
                "/.well-known/mercure",
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                Buffer.buffer("topic=" + topic + "&data=" + PastEvents.escaped(data)));
        assertThat(published.status()).as(published.body()).isEqualTo(200);

        Document export = past.lines(selected + "&since=earliest");

        assertThat(export.events()).hasSize(2);
        assertThat(export.events()
                        .get(0)
                        .getJsonObject("data")
                        .getJsonArray("a")
                        .getInteger(0))
                .isEqualTo(1);
        assertThat(export.events().get(1).getString("data")).isEqualTo(data);
    }
}
