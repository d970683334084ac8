package dev.herald.web;

import java.util.UUID;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.sse.EventStream;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;

/** Tests of the hub below a path prefix. */
@QuarkusTest
@TestProfile(PathPrefixProfile.class)
class PathPrefixTest {
    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = UUID.randomUUID().toString();

    @Test
    void publishesAndStreams() {
        EventStream stream = hub.live("/push/SSE?topic=" + topic);

        // REST Assured adds the prefix.
        String id = HubClient.publish(topic, "1");

        stream.awaitCount(2);
        assertThat(stream.data()).containsExactly("1");
        assertThat(hub.resume("/push/SSE?topic=" + topic, id).awaitCount(1).data())
                .isEmpty();
    }

    @Test
    void servesThePageAndTheProbes() {
        for (String path : new String[] {"/", "/sse"}) {
            given().get(path).then().statusCode(200).contentType("text/html").body(containsString("<title>"));
        }
        given().get("/q/health/ready").then().statusCode(200);
    }

    @Test
    void openApiDocumentNamesThePrefixAsTheServer() {
        given().get("/q/openapi?format=JSON")
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-cache")
                .body("servers.url", contains("/push"))
                .body("paths", hasKey("/message"));
    }

    @Test
    void rejectsInvalidRequests() {
        given().get("/nothing")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("detail", containsString("/push/nothing"));
        given().get("/message").then().statusCode(405).header("Allow", containsString("POST"));
        given().basePath("/").get("/message").then().statusCode(equalTo(404));
    }
}
