package dev.herald.mercure;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;
import dev.herald.web.HubClient.Answer;

import static dev.herald.mercure.Guarded.LISTED;
import static dev.herald.mercure.Guarded.LISTED_FOR_COOKIES;
import static dev.herald.mercure.MercureHub.ANYBODY;
import static dev.herald.mercure.MercureHub.PUBLISHER;
import static dev.herald.mercure.MercureHub.and;
import static dev.herald.mercure.MercureHub.form;
import static dev.herald.mercure.Tokens.bearer;
import static org.assertj.core.api.Assertions.assertThat;

/** Contract tests of PROTOCOL M25 and M30: origins that may use the hub, with and without the browser's credentials. */
@OurHubOnly("two allowlists of origins, one for cookies")
@Policy("the draft asks for protection against CSRF, and recommends Origin and Referer")
abstract class OriginClauses extends Clauses {
    private static final String STRANGER = "https://evil.example";

    private final String form = form("topic", topic, "data", "1");

    private static Map<String, String> cookie(String... namesAndValues) {
        return and(Map.of("Cookie", "mercureAuthorization=" + Tokens.publisher("*")), namesAndValues);
    }

    /** The cookie and a header with a page's address. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "Origin, https://admin.example, 200",
                "Referer, https://admin.example/page?a=b, 200",
                "Referer, https://admin.example/, 200",
                "Origin, https://evil.example, 403",
                "Origin, null, 403",
                "Origin, https://shop.example, 403",
                "Origin, http://admin.example, 403",
                "Origin, https://admin.example:8443, 403",
                "Origin, https://admin.example.evil.example, 403",
                "Referer, https://evil.example/?https://admin.example/, 403",
                "Referer, https://admin.example@evil.example/, 403",
                "Referer, https://admin.example.evil.example/, 403",
                "Referer, /page, 403",
                "Referer, admin.example, 403",
                "Referer, :, 403",
                "Accept, neither, 403",
            })
    void m25ACookiePublishesForListedPagesOnly(String header, String value, int status) {
        EventStream stream = hub.subscribe(topic);

        Answer answer = hub.post(form, cookie(header, value));

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        if (status == 200) {
            hub.assertReceivedOnly(stream, topic, "1");
        } else {
            hub.assertReceivedOnly(stream, topic);
        }
    }

    @Test
    void m25TheHubsOwnPageIsListed() {
        String own = "http://localhost:" + HubClient.port();

        assertThat(hub.post(form, cookie("Origin", own)).status()).isEqualTo(200);
        assertThat(hub.post(form, cookie("Referer", own + "/sse")).status()).isEqualTo(200);
    }

    @Test
    void m25RefererIsCheckedOnlyWithoutAnOrigin() {
        assertThat(hub.post(form, cookie("Origin", STRANGER, "Referer", LISTED_FOR_COOKIES + "/"))
                        .status())
                .isEqualTo(403);
        assertThat(hub.post(form, cookie("Origin", LISTED_FOR_COOKIES, "Referer", STRANGER + "/"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void m25TokenInTheHeaderNeedsNoOrigin() {
        assertThat(hub.post(form, PUBLISHER).status()).isEqualTo(200);
        assertThat(hub.post(form, and(cookie(), "Authorization", PUBLISHER.get("Authorization")))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void m25CookieAllowsReadingFromAnyOrigin() {
        Map<String, String> cookie = Map.of("Cookie", "mercureAuthorization=" + Tokens.subscriber(topic));

        EventStream stream = hub.subscribe(and(cookie, "Origin", LISTED), topic);
        hub.publishPrivately(topic, "1");

        hub.assertReceivedOnly(stream, topic, "1");
    }

    @Test
    void m30AListedPageMayReadAndPublishWithCredentials() {
        EventStream stream = hub.subscribe(and(ANYBODY, "Origin", LISTED), topic);
        Answer published = hub.post(form, and(PUBLISHER, "Origin", LISTED));

        assertThat(published.status()).isEqualTo(200);
        assertThat(cors(published.headers())).isEqualTo(cors(stream.headers())).containsAllEntriesOf(admitted(LISTED));
        assertThat(stream.headers().get("Vary")).isEqualTo("Origin");
    }

    private static Map<String, String> admitted(String origin) {
        return Map.of("access-control-allow-origin", origin, "access-control-allow-credentials", "true");
    }

    private static Map<String, String> cors(io.vertx.core.MultiMap headers) {
        Map<String, String> cors = new HashMap<>();
        headers.forEach((name, value) -> {
            if (name.toLowerCase().startsWith("access-control-")) {
                assertThat(cors.put(name.toLowerCase(), value))
                        .as(name + " comes once")
                        .isNull();
            }
        });
        return cors;
    }

    @Test
    void m30ErrorResponseIsReadableByAListedPage() {
        Map<String, String> page = Map.of("Origin", LISTED);

        for (Answer rejected : new Answer[] {
            hub.post(form, page),
            hub.post(form, and(page, "Authorization", "Bearer bad")),
            hub.post("", and(PUBLISHER, "Origin", LISTED)),
            hub.get("", page),
            hub.get("/subscriptions", page),
            hub.get("/nothing", page),
        }) {
            assertThat(rejected.status()).isBetween(400, 404);
            assertThat(cors(rejected.headers())).containsAllEntriesOf(admitted(LISTED));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {STRANGER, "null", "http://shop.example", "https://shop.example:8443", "https://SHOP.example.evil"
            })
    void m30UnlistedPageReadsAndPublishesNothing(String origin) {
        EventStream stream = hub.subscribe(and(ANYBODY, "Origin", origin), topic);

        Answer published = hub.post(form, and(PUBLISHER, "Origin", origin));

        assertThat(published.status()).isEqualTo(403);
        assertThat(cors(published.headers())).isEmpty();
        assertThat(cors(stream.headers())).isEmpty();
        assertThat(stream.headers().get("Vary")).isEqualTo("Origin");
        hub.assertReceivedOnly(stream, topic);
    }

    private Answer preflight(String below, String origin, String method) {
        return hub.client()
                .send(
                        HttpMethod.OPTIONS,
                        hub.path() + below,
                        Map.of(
                                "Origin",
                                origin,
                                "Access-Control-Request-Method",
                                method,
                                "Access-Control-Request-Headers",
                                "authorization,content-type,last-event-id"),
                        Buffer.buffer());
    }

    @ParameterizedTest
    @CsvSource({"'', POST", "'', GET", "/subscriptions, GET", "/subscriptions/a, GET", "/subscriptions/a/b, GET"})
    void m30PreflightOfAListedPageNeedsNoToken(String below, String method) {
        Answer answer = preflight(below, LISTED, method);

        assertThat(answer.status()).isEqualTo(204);
        assertThat(cors(answer.headers())).containsAllEntriesOf(admitted(LISTED));
        assertThat(answer.header("Access-Control-Allow-Methods").split(", *")).contains(method);
        assertThat(answer.header("Access-Control-Allow-Headers").toLowerCase().split(", *"))
                .contains("authorization", "content-type", "last-event-id");
        assertThat(Integer.parseInt(answer.header("Access-Control-Max-Age"))).isPositive();
        assertThat(answer.header("Vary")).contains("Origin");
    }

    @Test
    void m30PreflightOfAnUnlistedPageIsRejected() {
        Answer answer = preflight("", STRANGER, "POST");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(cors(answer.headers())).isEmpty();
    }

    @Test
    void m30OwnPageNeedsNoListing() {
        String own = URI.create("http://localhost:" + HubClient.port()).toString();

        assertThat(hub.post(form, and(PUBLISHER, "Origin", own)).status()).isEqualTo(200);
        assertThat(hub.subscribe(and(bearer(Tokens.subscriber()), "Origin", own), topic)
                        .status())
                .isEqualTo(200);
    }
}
