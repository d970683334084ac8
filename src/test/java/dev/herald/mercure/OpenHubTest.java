package dev.herald.mercure;

import java.util.Map;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.auth.TokenMint;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient.Answer;

import static dev.herald.Patience.eventually;
import static dev.herald.mercure.MercureHub.NOBODY;
import static dev.herald.mercure.MercureHub.form;
import static dev.herald.mercure.MercureHub.topics;
import static dev.herald.mercure.MercureHub.uniqueTopic;
import static dev.herald.mercure.Tokens.bearer;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL E13, M4, M22, M27, M41 and M42 on an open hub with keys, as on a developer's machine. */
@QuarkusTest
class OpenHubTest {
    @RegisterExtension
    final MercureHub hub = new MercureHub();

    private final String topic = uniqueTopic();
    private final Map<String, String> granted =
            bearer(TokenMint.wellKnown().token("{\"mercure\":{\"subscribe\":[\"*\"]}}"));

    @Test
    void m27OpenHubNeedsNoToken() {
        EventStream stream = hub.subscribe(NOBODY, topic);

        assertThat(hub.post(form("topic", topic, "data", "1"), NOBODY).status()).isEqualTo(200);

        hub.assertReceivedOnly(stream, topic, "1");
    }

    @Test
    void m4PrivateUpdatesNeedATokenOnAnOpenHub() {
        EventStream stranger = hub.subscribe(NOBODY, topic);
        EventStream friend = hub.subscribe(granted, topic);

        hub.post(form("topic", topic, "data", "1", "private", "on"), NOBODY);

        hub.assertReceivedOnly(stranger, topic);
        assertThat(friend.awaitCount(2).data()).containsExactly("1", "later");
    }

    @Test
    void m22InvalidTokenGets401() {
        for (Answer answer :
                new Answer[] {hub.get("?" + topics(topic), bearer("bad")), hub.post(form("topic", topic), bearer("bad"))
                }) {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
        }
    }

    @Test
    void e13StreamThatRequiresATokenNeedsOneOnAnOpenHub() {
        assertThat(hub.get("?auth=required&" + topics(topic), NOBODY).status()).isEqualTo(401);
        assertThat(hub.open("auth=required&" + topics(topic), granted).status()).isEqualTo(200);
    }

    @Test
    void m41SubscriptionApiNeedsATokenOnAnOpenHub() {
        assertThat(hub.get("/subscriptions", NOBODY).status()).isEqualTo(401);
        assertThat(hub.get("/subscriptions", granted).status()).isEqualTo(200);
    }

    @Test
    void m42SubscriptionEventsAreOffByDefault() {
        String listed = "/subscriptions/" + MercureHub.escape(topic);
        EventStream watching = hub.subscribe(granted, hub.path() + "/subscriptions{/topic}{/subscriber}", topic);
        eventually().until(() -> hub.get(listed, granted).body().contains("urn:uuid:"));

        hub.subscribe(NOBODY, "another topic of " + topic).close();

        hub.assertReceivedOnly(watching, topic);
    }
}
