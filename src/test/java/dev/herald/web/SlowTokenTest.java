package dev.herald.web;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.auth.KeyPairs;
import dev.herald.auth.TokenMint;
import dev.herald.sse.EventStream;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

/** Tokens whose signature is checked beside the event loops: what comes after goes on as if they had not been. */
@QuarkusTest
@TestProfile(SlowTokenTest.PublicKeys.class)
class SlowTokenTest {
    private static final TokenMint MINT =
            TokenMint.of("ES256", KeyPairs.of("ES256").getPrivate());
    private static final TokenMint STRANGER =
            TokenMint.of("ES256", KeyPairs.another("stranger").getPrivate());
    private static final String CLAIMS = "{\"mercure\":{\"publish\":[\"*\"],\"subscribe\":[\"*\"]},\"jti\":\"%s\"}";

    @RegisterExtension
    final HubClient hub = new HubClient();

    @Inject
    Witness witness;

    public static final class PublicKeys implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            String pem = KeyPairs.pem(KeyPairs.of("ES256").getPublic());
            return Map.of("herald.auth.publisher.key", pem, "herald.auth.subscriber.key", pem);
        }
    }

    private static Response publish(String token, String topic, String data) {
        return given().header("Authorization", "Bearer " + token)
                .queryParam("topic", topic)
                .contentType("application/json")
                .body("\"" + data + "\"")
                .post("/message");
    }

    @Test
    void invariant6ThePublishersAnswerCompletesOnItsOwnLoop() {
        witness.onOwnLoop.clear();
        String data = "x".repeat(300_000);

        List<Integer> answers = IntStream.range(0, 60)
                .parallel()
                .mapToObj(i -> publish((i % 3 == 0 ? STRANGER : MINT).token(CLAIMS.formatted(i)), "slow", i + data)
                        .statusCode())
                .toList();

        assertThat(answers).filteredOn(status -> status == 200).hasSize(40);
        assertThat(answers).filteredOn(status -> status == 401).hasSize(20);
        assertThat(witness.onOwnLoop).hasSize(60).containsOnly(true);
    }

    @Test
    void aStreamOpensWhenItsTokenWasChecked() {
        EventStream stream = hub.open(
                        "/SSE?topic=opened",
                        Map.of("Authorization", "Bearer " + MINT.token(CLAIMS.formatted("reader"))))
                .awaitCount(1);

        publish(MINT.token(CLAIMS.formatted("writer")), "opened", "hello")
                .then()
                .statusCode(200);

        stream.awaitCount(2);
    }

    /** Sees which thread answers. */
    @Singleton
    static class Witness {
        final Collection<Boolean> onOwnLoop = new ConcurrentLinkedQueue<>();

        @ServerResponseFilter
        public void answered(RoutingContext context) {
            onOwnLoop.add(((ConnectionBase) context.request().connection())
                    .channelHandlerContext()
                    .channel()
                    .eventLoop()
                    .inEventLoop());
        }
    }
}
