package dev.herald.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.herald.sse.EventStream;
import dev.herald.sse.Message;

import static dev.herald.web.HubClient.publish;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

/** Tests of PROTOCOL M2, M3 and M6 on the quick API, over HTTP. */
@QuarkusTest
class SelectorTest {
    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String base = "https://example.com/" + UUID.randomUUID();

    @ParameterizedTest
    @CsvSource({
        "/books/{id},/books/1,/books/1/reviews",
        "/books{/id*},/books/1/reviews,/book/1",
        "/käse/{sorte},/k%C3%A4se/brie,/käse/brie/1",
        "/books/{id},/books/{id},/books/{other}",
        "/faulty{iri,/faulty{iri,/faulty",
    })
    void m2ReplaysAndDeliversMatchingEvents(String selector, String matching, String other) {
        publish(base + matching, "1");
        publish(base + other, "2");

        EventStream stream = hub.resume("/SSE?topic=" + encoded(base + selector), "earliest");
        stream.awaitCount(2);
        publish(base + other, "3");
        publish(base + matching, "4");

        stream.awaitCount(3);
        assertThat(stream.messages()).extracting(Message::data).containsExactly("{}", "1", "4");
    }

    @Test
    void m3UpdateIsDeliveredOnceWhenSeveralSelectorsMatch() {
        String topics = String.join(
                "&topic=",
                encoded(base + "/{a}"),
                encoded(base + "/1"),
                encoded(base + "/{b}"),
                encoded(base + "/{+a}"));
        EventStream stream = hub.live("/SSE?topic=" + topics);

        publish(base + "/1", "1");
        publish(base + "/2", "2");

        stream.awaitCount(3);
        assertThat(stream.messages()).extracting(Message::data).containsExactly("{}", "1", "2");
    }

    @Test
    void m6TemplateThatIsNoValidTopicIsRejectedWith400() {
        given().queryParam("topic", "{x}" + "a".repeat(4_094))
                .get("/SSE")
                .then()
                .statusCode(400)
                .body("detail", containsString("4096 bytes"));
        given().queryParam("topic", "{x}\u0000")
                .get("/SSE")
                .then()
                .statusCode(400)
                .body("detail", containsString("U+0000"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
