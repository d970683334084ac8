package dev.herald.mercure;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.auth.TokenMint;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient.Answer;

import static dev.herald.mercure.MercureHub.NOBODY;
import static dev.herald.mercure.MercureHub.and;
import static dev.herald.mercure.MercureHub.form;
import static dev.herald.mercure.MercureHub.topics;
import static dev.herald.mercure.MercureHub.uniqueTopic;
import static dev.herald.mercure.Tokens.bearer;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL M20–M22, M24, M25, M27, M30 and M40 with the profile {@link Switched}. */
@QuarkusTest
@TestProfile(Switched.class)
class SwitchedTest {
    private static final String STRANGER = "https://stranger.example";

    @RegisterExtension
    final MercureHub hub = new MercureHub();

    private final String topic = uniqueTopic();
    private final String form = form("topic", topic, "data", "1");
    private final TokenMint subscribers = TokenMint.of("ES256", Switched.privateKey());

    private String subscriber(String... selectors) {
        return subscribers.token("{\"mercure\":{\"subscribe\":" + Tokens.array(selectors) + "}}");
    }

    @Test
    void m27WithoutATokenPublishingIsAllowedAndReadingGets401() {
        EventStream stream = hub.subscribe(bearer(subscriber(topic)), topic);

        assertThat(hub.post(form, NOBODY).status()).isEqualTo(200);
        assertThat(hub.post(form + "&private=on", NOBODY).status()).isEqualTo(200);
        Answer rejected = hub.get("?" + topics(topic), NOBODY);

        hub.assertReceivedOnly(stream, topic, "1", "1");
        assertThat(rejected.status()).isEqualTo(401);
        assertThat(rejected.header("WWW-Authenticate")).isEqualTo("Bearer");
    }

    /** On both surfaces: errors in a stream's parameters are reported only to authorized subscribers. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/.well-known/mercure",
                "/.well-known/mercure?topic=",
                "/.well-known/mercure?topic=a%0A",
                "/.well-known/mercure?topic=%FF",
                "/.well-known/mercure?topic=a&signals=%FF",
                "/SSE?topic=",
                "/SSE?topic=%FF",
                "/SSE?since=0",
                "/SSE?auth=no",
                "/.well-known/mercure?topic=a&auth=no",
                "/SSE?x=%FF",
                "/figures?x=%FF",
            })
    void m24MissingTokenGets401BeforeAnyOtherError(String target) {
        for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.HEAD)) {
            Answer answer = hub.client().send(method, target, Map.of(), Buffer.buffer());

            assertThat(answer.status()).as(method + " " + target).isEqualTo(401);
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        }
        String manyParameters = target + (target.contains("?") ? "&" : "?") + "a&".repeat(10_001);
        assertThat(hub.client()
                        .send(HttpMethod.GET, manyParameters, Map.of(), Buffer.buffer())
                        .status())
                .isEqualTo(401);
    }

    @Test
    void m22InvalidTokenIsRejectedWhereNoneIsNeeded() {
        EventStream stream = hub.subscribe(bearer(subscriber(topic)), topic);

        Answer bad = hub.post(form, bearer("bad"));
        Answer narrow = hub.post(form, bearer(Tokens.publisher("other")));

        assertThat(bad.status()).isEqualTo(401);
        assertThat(bad.header("WWW-Authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
        assertThat(narrow.status()).isEqualTo(403);
        assertThat(narrow.body()).contains("does not cover the topic '" + topic + "'", "It covers 'other'.");
        hub.assertReceivedOnly(stream, topic);
    }

    @Test
    void m21PublicKeyIsNotAnHmacSecret() {
        String pem = Switched.publicKey();

        for (String secret : new String[] {pem, pem.strip(), pem.replaceAll("-----.*-----|\\s", "")}) {
            String forged = TokenMint.hmac("HS256", secret.getBytes(StandardCharsets.UTF_8))
                    .token("{\"mercure\":{\"subscribe\":[\"*\"]}}");

            assertThat(hub.get("?" + topics(topic), bearer(forged)).status()).isEqualTo(401);
        }
    }

    @Test
    void m20CookieNameIsConfigurable() {
        assertThat(hub.open(topics(topic), Map.of("Cookie", "hub=" + subscriber(topic)))
                        .status())
                .isEqualTo(200);
        assertThat(hub.get("?" + topics(topic), Map.of("Cookie", "mercureAuthorization=" + subscriber(topic)))
                        .status())
                .isEqualTo(401);
    }

    private static String admitted(MultiMap headers) {
        return headers.get("Access-Control-Allow-Origin") + " " + headers.get("Access-Control-Allow-Credentials");
    }

    @ParameterizedTest
    @ValueSource(strings = {STRANGER, "null", "http://shop.example"})
    void m30StarAdmitsEveryPageWithoutCredentials(String origin) {
        Map<String, String> page = Map.of("Origin", origin);
        EventStream stream = hub.subscribe(and(bearer(subscriber()), "Origin", origin), topic);

        Answer published = hub.post(form, page);

        hub.assertReceivedOnly(stream, topic, "1");
        assertThat(admitted(published.headers())).isEqualTo("* null");
        assertThat(admitted(stream.headers())).isEqualTo("* null");
        assertThat(admitted(hub.get("", page).headers())).isEqualTo("* null");
    }

    @Test
    void m30OriginListedBesideTheStarMayUseCredentials() {
        EventStream stream = hub.subscribe(and(bearer(subscriber()), "Origin", Guarded.LISTED), topic);

        assertThat(admitted(stream.headers())).isEqualTo(Guarded.LISTED + " true");
        assertThat(stream.headers().get("Vary")).isEqualTo("Origin");
    }

    @Test
    void m30APreflightOfAnyPageIsAnsweredWithoutCredentials() {
        Answer answer = hub.client()
                .send(
                        HttpMethod.OPTIONS,
                        hub.path(),
                        Map.of("Origin", STRANGER, "Access-Control-Request-Method", "POST"),
                        Buffer.buffer());

        assertThat(answer.status()).isEqualTo(204);
        assertThat(admitted(answer.headers())).isEqualTo("* null");
    }

    @Test
    void m25StarDoesNotAllowCookies() {
        String cookie = "hub=" + Tokens.publisher("*");

        assertThat(hub.post(form, Map.of("Cookie", cookie, "Origin", STRANGER)).status())
                .isEqualTo(403);
        assertThat(hub.post(form, Map.of("Cookie", cookie, "Origin", Guarded.LISTED))
                        .status())
                .isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/subscriptions", "/subscriptions/a", "/subscriptions/a/b"})
    void m40DisabledSubscriptionApiGets404(String below) {
        assertThat(hub.get(below, bearer(subscriber("*"))).status()).isEqualTo(404);
    }
}
