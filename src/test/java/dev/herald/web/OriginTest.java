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

/** Tests of the {@code Origin} rules in Q12 and M30. */
@QuarkusTest
@TestProfile(TlsHub.class)
class OriginTest {
    private static final String STRANGER = "https://evil.example";

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = UUID.randomUUID().toString();

    private RequestSpecification from(String origin) {
        return given().header("Origin", origin).queryParam("topic", topic).contentType("text/plain; charset=UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {STRANGER, "null", "http://shop.example", "https://shop.example.evil.example", "garbage"})
    void q12PageOfAForeignOriginIsRejectedWith403AndPublishesNothing(String origin) {
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
    void q12OwnPageAndClientsWithoutAnOriginMayPublish() {
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
        Response response = from(TlsHub.LISTED).body("x").post("/message");

        response.then().statusCode(200);
        assertThat(response.header("Access-Control-Allow-Origin")).isEqualTo(TlsHub.LISTED);
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
        for (String stranger :
                List.of("https://apps.example", "https://a.b.apps.example", "https://apps.example.evil")) {
            from(stranger).body("2").post("/message").then().statusCode(403);
        }
        assertThat(stream.awaitCount(2).data()).containsExactly("1");
    }

    /** Fetch §2.2.2: a page can read only these and the safelisted response headers. */
    @Test
    void m30AllResponseHeadersAreExposedToAListedPage() {
        String exposed = from(TlsHub.LISTED).body("x").post("/message").header("Access-Control-Expose-Headers");
        assertThat(exposed.split(", *"))
                .contains("Event-ID", "Last-Event-ID", "ETag", "Link", "Retry-After", "WWW-Authenticate", "Allow");

        Response preflight = given().header("Origin", TlsHub.LISTED)
                .header("Access-Control-Request-Method", "GET")
                .header("Access-Control-Request-Headers", "if-none-match,last-event-id,authorization")
                .options("/SSE");
        assertThat(preflight.header("Access-Control-Allow-Headers").split(", *"))
                .contains("Authorization", "Content-Type", "Last-Event-ID", "If-None-Match", "Cache-Control");
        assertThat(preflight.header("Access-Control-Allow-Methods").split(", *"))
                .contains("GET", "HEAD", "POST");
    }

    @Test
    void m30ErrorResponseIsReadableByAListedPage() {
        from(TlsHub.LISTED)
                .body("")
                .post("/message")
                .then()
                .statusCode(400)
                .header("Access-Control-Allow-Origin", TlsHub.LISTED);
    }

    @Test
    void m30OnlyAListedPageMayReadAStream() {
        EventStream listed = hub.open("/SSE?topic=" + topic, Map.of("Origin", TlsHub.LISTED));
        EventStream stranger = hub.open("/SSE?topic=" + topic, Map.of("Origin", STRANGER));

        assertThat(listed.headers().get("Access-Control-Allow-Origin")).isEqualTo(TlsHub.LISTED);
        assertThat(listed.headers().get("Access-Control-Allow-Credentials")).isEqualTo("true");
        assertThat(stranger.headers().names())
                .noneMatch(name -> name.toLowerCase().startsWith("access-control"));
        assertThat(stranger.headers().get("Vary")).isEqualTo("Origin");
    }

    @Test
    void m30PreflightIsAcceptedFromAListedPageOnly() {
        given().header("Origin", TlsHub.LISTED)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type")
                .options("/message")
                .then()
                .statusCode(204)
                .header("Access-Control-Allow-Origin", TlsHub.LISTED)
                .header("Access-Control-Allow-Methods", containsString("POST"))
                .header("Access-Control-Allow-Headers", containsString("Content-Type"));

        Response refused = given().header("Origin", STRANGER)
                .header("Access-Control-Request-Method", "POST")
                .options("/message");
        refused.then().statusCode(403).contentType("application/problem+json");
        assertThat(refused.headers().asList())
                .noneMatch(header -> header.getName().toLowerCase().startsWith("access-control"));
    }
}
