package dev.herald.attack;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.guarded.Answer;
import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Request;
import dev.herald.guarded.Tokens;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;
import dev.herald.web.RawConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of PROTOCOL M5, M41 and invariant 7: a reader without a grant tries to detect a private event. Responses for a
 * forbidden event must equal those for one that never existed, byte by byte.
 */
@QuarkusTest
@TestProfile(GuardedHub.class)
class ForbiddenEventTest {
    private static final List<String> STREAMS = List.of(Request.MERCURE, Request.MERCURE + "?signals=1&", "/SSE");

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = "t" + UUID.randomUUID();
    private final String forbidden = "known-" + UUID.randomUUID();
    private final String unknown = "never-" + UUID.randomUUID();
    private final String bystander = Tokens.subscriber("https://example.com/other/{id}");

    @BeforeEach
    void publishSomethingPrivateAmongOthers() {
        publish("data", "before");
        publish("data", "secret", "private", "on", "id", forbidden);
        publish("data", "after");
    }

    private String publish(String... form) {
        String[] all = new String[form.length + 2];
        all[0] = "topic";
        all[1] = topic;
        System.arraycopy(form, 0, all, 2, form.length);
        Answer answer =
                Request.publish().bearer(Tokens.publisher("*")).form(all).send();
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.body();
    }

    private String target(String stream) {
        return stream + (stream.contains("?") ? "" : "?") + "&topic=" + topic;
    }

    /** Head and events of a stream resumed after an id, without parts that differ between any two streams. */
    private String resumed(String stream, String headers, String id) throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send(String.format("GET %s HTTP/1.0\r\n" + headers + "\r\n\r\n", target(stream), id));
            return connection.readUntil("data: after\n\n").replace(id, "ID").replaceAll("#[\\w-]{70}", "CURSOR");
        }
    }

    @Test
    void m5ResumingFromAForbiddenIdLooksLikeAnUnknownOne() throws IOException {
        for (String stream : STREAMS) {
            for (String headers :
                    List.of("Last-Event-ID: %s", "Authorization: Bearer " + bystander + "\r\nLast-Event-ID: %s")) {
                String known = resumed(stream, headers, forbidden);

                assertThat(known).contains("data: before").doesNotContain("secret");
                assertThat(known).isEqualTo(resumed(stream, headers, unknown));
            }
        }
    }

    @Test
    void m5ForbiddenIdIsEchoedOnlyWithItsGrant() {
        for (String asked : List.of(forbidden, unknown)) {
            for (Map<String, String> headers :
                    List.of(Map.<String, String>of(), Map.of("Authorization", "Bearer " + bystander))) {
                assertThat(hub.open(target(Request.MERCURE) + "&lastEventID=" + asked, headers)
                                .headers()
                                .getAll("Last-Event-ID"))
                        .containsExactly("earliest");
            }
        }
        EventStream granted = hub.open(
                target(Request.MERCURE) + "&lastEventID=" + forbidden,
                Map.of("Authorization", "Bearer " + Tokens.subscriber(topic)));

        assertThat(granted.headers().getAll("Last-Event-ID")).containsExactly(forbidden);
        assertThat(granted.awaitCount(1).data()).containsExactly("after");
    }

    @Test
    void m5ForbiddenEventDoesNotHideAPublicOneOfTheSameId() {
        String both = "both-" + UUID.randomUUID();
        publish("data", "private", "private", "on", "id", both);
        publish("data", "public", "id", both);
        publish("data", "last");

        EventStream stream = hub.open(target(Request.MERCURE), Map.of("Last-Event-ID", both));

        assertThat(stream.headers().getAll("Last-Event-ID")).containsExactly(both);
        assertThat(stream.awaitCount(1).data()).containsExactly("last");
    }

    @Test
    void m5IdOfASubscriptionEventIsUnknownWithoutItsGrant() {
        String path = Request.MERCURE + "/subscriptions/" + topic + "{/subscriber}";
        Map<String, String> watcher = Map.of("Authorization", "Bearer " + Tokens.subscriber(path));
        EventStream watching = hub.open(Request.MERCURE + "?topic=" + Request.escaped(path), watcher);
        hub.open(target(Request.MERCURE));
        String id = watching.awaitCount(1).messages().get(0).id();

        EventStream granted = hub.open(target(Request.MERCURE) + "&lastEventID=" + id, watcher);
        EventStream other = hub.open(target(Request.MERCURE) + "&lastEventID=" + id);

        assertThat(granted.headers().getAll("Last-Event-ID")).containsExactly(id);
        assertThat(other.headers().getAll("Last-Event-ID")).containsExactly("earliest");
    }

    @Test
    void m41ForbiddenEventDoesNotChangeTheSubscriptionDocument() throws IOException {
        String path = Request.MERCURE + "/subscriptions/" + topic;
        Request request = Request.get(path).bearer(Tokens.subscriber(path));
        String open = publish("data", "public");
        Answer before = request.send();

        publish("data", "secret", "private", "on");
        Answer after = Request.get(path).bearer(Tokens.subscriber(path)).send();
        String granted = publish("data", "secret", "private", "on");
        Answer document =
                Request.get(path).bearer(Tokens.subscriber(path, topic)).send();

        assertThat(after.header("ETag")).isPresent().isEqualTo(before.header("ETag"));
        assertThat(after.body()).isEqualTo(before.body());
        assertThat(json(after).get("lastEventID").textValue()).isEqualTo(open);
        assertThat(json(document).get("lastEventID").textValue()).isEqualTo(granted);
        assertThat(Request.get(path)
                        .bearer(Tokens.subscriber(path))
                        .header("If-None-Match", before.header("ETag").orElseThrow())
                        .send()
                        .status())
                .isEqualTo(304);
    }

    private static JsonNode json(Answer answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }
}
