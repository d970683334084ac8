package dev.herald.web.admin;

import java.util.Map;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.auth.TokenMint;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;
import dev.herald.web.HubClient;

import static dev.herald.Patience.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the figures of an open hub without a token. */
@QuarkusTest
class OpenFiguresTest {
    private static final String TOPIC = "figures-" + UUID.randomUUID();

    @RegisterExtension
    final HubClient hub = new HubClient();

    @Test
    void figuresWithoutATokenExcludePrivateEvents() {
        String token = TokenMint.wellKnown().token("{\"mercure\":{\"subscribe\":[\"*\"]}}");
        Map<String, String> bearer = Map.of("Authorization", "Bearer " + token);
        EventStream reader = hub.open("/SSE?topic=" + TOPIC, bearer).awaitCount(1);
        EventStream everything = hub.open("/figures", bearer).awaitCount(1);
        EventStream open = hub.open("/figures").awaitCount(1);

        given().formParam("topic", TOPIC)
                .formParam("data", "{}")
                .formParam("private", "on")
                .post("/.well-known/mercure")
                .then()
                .statusCode(200);
        reader.awaitCount(2);
        eventually().untilAsserted(() -> assertThat(everything.messages())
                .extracting(Message::data)
                .anyMatch(figures -> figures.contains("\"p99\"")));
        int until = open.awaitCount(open.count() + 1).count();
        HubClient.publish(TOPIC, "{}");
        eventually().untilAsserted(() -> assertThat(open.messages())
                .extracting(Message::data)
                .anyMatch(figures -> figures.contains("\"p99\"")));

        assertThat(open.messages().subList(0, until))
                .extracting(Message::data)
                .allMatch(figures -> figures.startsWith("{\"events\":0,\"deliveries\":0,\"subscribers\":"));
        assertThat(open.messages())
                .extracting(Message::data)
                .noneMatch(figures -> figures.contains("waiting") || figures.contains("ended"));
    }
}
