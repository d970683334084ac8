package dev.herald.mercure;

import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.sse.EventStream;
import dev.herald.web.HubClient.Answer;

import static dev.herald.mercure.MercureHub.ANYBODY;
import static dev.herald.mercure.MercureHub.and;
import static dev.herald.mercure.MercureHub.form;
import static dev.herald.mercure.MercureHub.topics;
import static dev.herald.mercure.Tokens.bearer;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract tests of PROTOCOL Q17 and Q19 on Mercure's path: envelopes, and streams that a form selects. */
@OurHubOnly("envelopes and the method QUERY")
@Policy("the draft has neither")
abstract class FormClauses extends Clauses {
    private static final HttpMethod QUERY = HttpMethod.valueOf("QUERY");
    private static final String FORM = "application/x-www-form-urlencoded";

    /** The same hub over one clear-text HTTP/2 connection. */
    @RegisterExtension
    final MercureHub http2 = new MercureHub(new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            .setHttp2MaxPoolSize(1));

    private static EventStream query(MercureHub hub, String query, Map<String, String> headers, String form) {
        EventStream stream = hub.client().open(QUERY, hub.path() + query, headers, form);
        assertThat(stream.status()).isEqualTo(200);
        return stream;
    }

    private Answer refused(Map<String, String> headers, String form) {
        return hub.client().send(QUERY, hub.path(), and(headers, "Content-Type", FORM), Buffer.buffer(form));
    }

    @Test
    void q19QueryWithAFormIsAStream() {
        EventStream stream = query(hub, "", ANYBODY, topics(topic + "/a", topic + "/{id}/b"));
        EventStream second = query(http2, "", ANYBODY, topics(topic + "/a", topic + "/{id}/b"));

        hub.publishTo(topic + "/1/b", "1");
        hub.publishTo(topic + "/c", "2");

        hub.assertReceivedOnly(stream, topic + "/a", "1");
        assertThat(second.awaitCount(2).data()).containsExactly("1", "later");
    }

    @Test
    void q19GrantsApplyAsToGet() {
        EventStream granted = query(hub, "", bearer(Tokens.subscriber(topic)), topics(topic));
        EventStream ungranted = query(hub, "", ANYBODY, topics(topic));

        hub.publishPrivately(topic, "private");
        hub.publishTo(topic, "public");

        hub.assertReceivedOnly(granted, topic, "private", "public");
        assertThat(ungranted.awaitCount(2).data()).containsExactly("public", "later");
    }

    @Test
    void q19TopicsOfUrlAndFormAreSelected() {
        EventStream stream = query(hub, "?" + topics(topic + "/a"), ANYBODY, topics(topic + "/b"));

        hub.publishTo(topic + "/a", "1");

        hub.assertReceivedOnly(stream, topic + "/b", "1");
    }

    @Test
    void q19FormHasTheIdToResumeFromAndTheSignals() {
        String id = hub.publishTo(topic, "1");
        hub.publishTo(topic, "2");

        EventStream stream = query(hub, "", ANYBODY, topics(topic) + "&signals=1&" + form("lastEventID", id));

        assertThat(stream.headers().get("Last-Event-ID")).isEqualTo(id);
        assertThat(stream.awaitCount(2).messages().get(0).data()).isEqualTo("{}");
        assertThat(stream.data()).containsExactly("2");
    }

    @Test
    void q19FormWithoutATopicGets400() {
        assertThat(refused(ANYBODY, "topi=a").status()).isEqualTo(400);
        assertThat(refused(ANYBODY, "").status()).isEqualTo(400);
    }

    @Test
    void q19InvalidTokenGets401() {
        assertThat(refused(bearer("none"), topics(topic)).status()).isEqualTo(401);
    }

    @Test
    void q19PostPublishes() {
        EventStream stream = query(hub, "", ANYBODY, topics(topic));

        hub.publish("topic", topic, "data", "1", "envelope", "1");

        hub.assertReceivedOnly(stream, topic, "1");
    }

    @Test
    void q17EventIsAnObjectWithAllItsTopics() throws Exception {
        EventStream stream = query(hub, "", ANYBODY, topics(topic) + "&envelope=1");

        String id = hub.publish(
                "topic", topic + "/a", "topic", topic, "data", "[1,\n 2.50]", "type", "price", "retry", "7");

        JsonNode event = new ObjectMapper()
                .readTree(stream.awaitCount(1).messages().get(0).data());
        assertThat(stream.messages().get(0).type()).isEqualTo("price");
        assertThat(stream.lastEventId()).isEqualTo(id);
        assertThat(stream.retryMillis()).isEqualTo(7);
        assertThat(event.fieldNames()).toIterable().containsExactly("id", "topics", "type", "private", "time", "data");
        assertThat(event.get("id").textValue()).isEqualTo(id);
        assertThat(event.get("topics")).hasToString("[\"" + topic + "/a\",\"" + topic + "\"]");
        assertThat(event.get("data").get(1).doubleValue()).isEqualTo(2.5);
    }
}
