package dev.herald.mercure;

import java.util.Map;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.sse.EventStream;
import dev.herald.web.HubClient.Answer;
import dev.herald.web.PathPrefixProfile;

import static dev.herald.mercure.MercureHub.PUBLISHER;
import static dev.herald.mercure.MercureHub.form;
import static dev.herald.mercure.MercureHub.uniqueTopic;
import static dev.herald.mercure.Tokens.bearer;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL M14, M40–M42 and M50 below a path prefix. */
@QuarkusTest
@TestProfile(PathPrefixProfile.class)
class PathPrefixTest {
    private static final String HUB = "/push/.well-known/mercure";

    @RegisterExtension
    final MercureHub hub = new MercureHub(HUB);

    private final String topic = uniqueTopic();

    private Answer get(String path, Map<String, String> headers) {
        return hub.client().send(HttpMethod.GET, path, headers, Buffer.buffer());
    }

    @Test
    void publishesAndStreamsBelowThePrefixOnly() {
        EventStream stream = hub.subscribe(topic);

        String id = hub.publishTo(topic, "1");

        hub.assertReceivedOnly(stream, topic, "1");
        assertThat(hub.resume(topic, id).headers().get("Last-Event-ID")).isEqualTo(id);
        assertThat(get("/.well-known/mercure?topic=a", Map.of()).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                HUB,
                HUB + "/subscriptions/a/b",
                "/.well-known/mercure",
                "/.well-known/mercure/subscriptions/a/b",
                "https://hub.example/push/.well-known/mercure/subscriptions",
                "/%70ush/.well-known/mercure",
                "/%2570ush%252F.well-known/mercure",
                "/push/a/../.well-known/mercure",
                "/a/../push/.well-known/mercure",
                "/PUSH/.well-known/mercure",
                "\\push\\.well-known\\mercure",
                "//hub.example/push//.well-known/mercure",
            })
    void m14ReservedTopicsApplyWithAndWithoutThePrefix(String reserved) {
        assertThat(hub.post(form("topic", reserved), PUBLISHER).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/push", "/push/message", "/other/.well-known/mercure", "/push/push/.well-known/mercure"})
    void m14SimilarTopicIsNotReserved(String near) {
        hub.publishTo(near, "1");
    }

    @Test
    void m40AndM42PathsAndTopicsBeginWithThePrefix() {
        Map<String, String> watcher = bearer(Tokens.subscriber(HUB + "/subscriptions{/topic}{/subscriber}"));
        EventStream watching =
                hub.subscribe(watcher, HUB + "/subscriptions/" + MercureHub.escape(topic) + "/{subscriber}");

        hub.subscribe(topic);

        JsonPath update = JsonPath.from(watching.awaitCount(1).data().get(0));
        assertThat(update.getString("id")).startsWith(HUB + "/subscriptions/https%3A%2F%2Fexample.com%2F");
        Answer one = get(update.getString("id"), watcher);
        assertThat(one.status()).isEqualTo(200);
        Map<String, Object> document = JsonPath.from(one.body()).getMap("");
        assertThat(document.remove("lastEventID")).as("only documents have it").isNotNull();
        assertThat(document).isEqualTo(update.getMap(""));
        assertThat(JsonPath.from(get(HUB + "/subscriptions", watcher).body()).getString("id"))
                .isEqualTo(HUB + "/subscriptions");
    }

    @Test
    void m41GrantAppliesToThePathWithThePrefix() {
        String without = "/.well-known/mercure/subscriptions";

        assertThat(get("/push" + without, bearer(Tokens.subscriber(without))).status())
                .isEqualTo(403);
        assertThat(get("/push" + without, bearer(Tokens.subscriber("/push" + without)))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/push/", "/push/sse", "/push/index.html"})
    void m50TheClientPageLinksToTheHub(String page) {
        assertThat(get(page, Map.of()).header("Link")).isEqualTo("<" + HUB + ">; rel=\"mercure\"");
    }
}
