package dev.herald.web;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.sse.EventStream;

import static dev.herald.web.HubClient.publish;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

/** Tests of the rules on {@code Origin} (PROTOCOL M30). */
@QuarkusTest
@TestProfile(TlsProfile.class)
class OriginTest {
    private static final String FOREIGN = "https://evil.example";

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = UUID.randomUUID().toString();

    private RequestSpecification from(String origin) {
        return given().header("Origin", origin).queryParam("topic", topic).contentType("text/plain; charset=UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {FOREIGN, "null", "http://shop.example", "https://shop.example.evil.example", "garbage"})
    void m30PageOfAForeignOriginIsRejectedWith403AndPublishesNothing(String origin) {
        EventStream stream = hub.live("/SSE?topic=" + topic);

        from(origin)
                .body("forged")
                .post("/message")
                .then()
                .statusCode(403)
                .contentType("application/problem+json")
                .body("type", is("urn:problem-type:herald:foreign-origin"))
                .body("detail", containsString("herald.cors.origins"));

        publish(topic, "1");
        stream.awaitCount(2);
        assertThat(stream.data()).containsExactly("1");
    }

    @Test
    void m30OwnPageAndClientsWithoutAnOriginMayPublish() {
        from("http://localhost:" + HubClient.port())
                .body("own")
                .post("/message")
                .then()
                .statusCode(200);
        given().contentType("text/plain")
                .body("no origin")
                .post("/message")
                .then()
                .statusCode(200);
    }

    @Test
    void m30ListedPageMayPublishAndReadTheId() {
        Response response = from(TlsProfile.LISTED).body("x").post("/message");

        response.then().statusCode(200);
        assertThat(response.header("Access-Control-Allow-Origin")).isEqualTo(TlsProfile.LISTED);
        assertThat(response.header("Access-Control-Allow-Credentials")).isEqualTo("true");
        assertThat(response.header("Access-Control-Expose-Headers")).contains("Event-ID");
        assertThat(response.header("Vary")).containsIgnoringCase("Origin");
    }

    @Test
    void m30PageMatchingAWildcardIsListed() {
        String page = "https://one.apps.example";
        EventStream stream = hub.open("/SSE?topic=" + topic, Map.of("Origin", page));
        Response published = from(page).body("1").post("/message");

        published.then().statusCode(200).header("Access-Control-Allow-Origin", page);
        assertThat(stream.headers().get("Access-Control-Allow-Origin")).isEqualTo(page);
        assertThat(stream.headers().get("Access-Control-Allow-Credentials")).isEqualTo("true");
        for (String foreign :
                List.of("https://apps.example", "https://a.b.apps.example", "https://apps.example.evil")) {
            from(foreign).body("2").post("/message").then().statusCode(403);
        }
        assertThat(stream.awaitCount(2).data()).containsExactly("1");
    }

    /** Fetch §2.2.2: a page can read only these and the safelisted response headers. */
    @Test
    void m30AllResponseHeadersAreExposedToAListedPage() {
        String exposed = from(TlsProfile.LISTED).body("x").post("/message").header("Access-Control-Expose-Headers");
        assertThat(exposed.split(", *"))
                .contains(
                        "Event-ID",
                        "Last-Event-ID",
                        "ETag",
                        "Link",
                        "Retry-After",
                        "WWW-Authenticate",
                        "Allow",
                        "Accept-Query")
                .contains("RateLimit", "RateLimit-Policy");

        Response preflight = given().header("Origin", TlsProfile.LISTED)
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "if-none-match,last-event-id,authorization")
                .options("/SSE");
        assertThat(preflight.header("Access-Control-Allow-Headers").split(", *"))
                .contains("Authorization", "Content-Type", "Last-Event-ID", "If-None-Match", "Cache-Control");
        assertThat(preflight.header("Access-Control-Allow-Methods").split(", *"))
                .contains("GET", "HEAD", "POST", "QUERY");
    }

    @Test
    void m30ErrorResponseIsReadableByAListedPage() {
        from(TlsProfile.LISTED)
                .body("")
                .post("/message")
                .then()
                .statusCode(400)
                .header("Access-Control-Allow-Origin", TlsProfile.LISTED);
    }

    @Test
    void m30OnlyAListedPageMayReadAStream() {
        EventStream listed = hub.open("/SSE?topic=" + topic, Map.of("Origin", TlsProfile.LISTED));
        EventStream foreign = hub.open("/SSE?topic=" + topic, Map.of("Origin", FOREIGN));

        assertThat(listed.headers().get("Access-Control-Allow-Origin")).isEqualTo(TlsProfile.LISTED);
        assertThat(listed.headers().get("Access-Control-Allow-Credentials")).isEqualTo("true");
        assertThat(foreign.headers().names())
                .noneMatch(name -> name.toLowerCase().startsWith("access-control"));
        assertThat(foreign.headers().get("Vary")).isEqualTo("Origin");
    }

    @Test
    void m30PreflightIsAcceptedFromAListedPageOnly() {
        given().header("Origin", TlsProfile.LISTED)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type")
                .options("/message")
                .then()
                .statusCode(204)
                .header("Access-Control-Allow-Origin", TlsProfile.LISTED)
                .header("Access-Control-Allow-Methods", containsString("POST"))
                .header("Access-Control-Allow-Headers", containsString("Content-Type"));

        Response rejected = given().header("Origin", FOREIGN)
                .header("Access-Control-Request-Method", "POST")
                .options("/message");
        rejected.then().statusCode(403).contentType("application/problem+json");
        assertThat(rejected.headers().asList())
                .noneMatch(header -> header.getName().toLowerCase().startsWith("access-control"));
    }
}
