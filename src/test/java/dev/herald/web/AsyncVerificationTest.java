package dev.herald.web;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.config.DecoderConfig;
import io.restassured.response.Response;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.auth.KeyPairs;
import dev.herald.auth.TokenMint;
import dev.herald.sse.EventStream;
import dev.herald.stream.OutletFactory;
import dev.herald.web.quick.QuickDialect;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests that a request continues on its event loop after its token was verified off the loop. */
@QuarkusTest
@TestProfile(AsyncVerificationTest.PublicKeys.class)
class AsyncVerificationTest {
    private static final TokenMint MINT =
            TokenMint.of("ES256", KeyPairs.of("ES256").getPrivate());
    private static final TokenMint UNTRUSTED =
            TokenMint.of("ES256", KeyPairs.another("untrusted").getPrivate());
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
    void invariant6ThePublishersResponseCompletesOnItsOwnLoop() {
        witness.onOwnLoop.clear();
        String data = "x".repeat(300_000);

        List<Integer> answers = IntStream.range(0, 60)
                .parallel()
                .mapToObj(i -> publish((i % 3 == 0 ? UNTRUSTED : MINT).token(CLAIMS.formatted(i)), "slow", i + data)
                        .statusCode())
                .toList();

        assertThat(answers).filteredOn(status -> status == 200).hasSize(40);
        assertThat(answers).filteredOn(status -> status == 401).hasSize(20);
        assertThat(witness.onOwnLoop).hasSize(60).containsOnly(true);
    }

    @Test
    void invariant6AStreamIsPreparedOnItsOwnLoop() {
        List<String> onOwnLoop = IntStream.range(0, 20)
                .parallel()
                .mapToObj(i -> given().header("Authorization", "Bearer " + MINT.token(CLAIMS.formatted("prepared" + i)))
                        // The head announces the stream's coding, but the test resource answers in plain text.
                        .config(RestAssured.config()
                                .decoderConfig(DecoderConfig.decoderConfig().noContentDecoders()))
                        .get("/witness/streams?topic=slow&lastEventID=unknown")
                        .asString())
                .toList();

        assertThat(onOwnLoop).hasSize(20).containsOnly("true");
    }

    /** Prepares a stream, and returns whether the continuation runs on the request's loop. */
    @Path("/witness/streams")
    public static class StreamsWitness {
        private final Streams streams;
        private final QuickDialect dialect;

        StreamsWitness(Streams streams, QuickDialect dialect) {
            this.streams = streams;
            this.dialect = dialect;
        }

        @GET
        public CompletionStage<String> prepare(RoutingContext context) {
            return streams.prepare(context, dialect)
                    .thenApply(
                            done -> String.valueOf(OutletFactory.loop(context).inEventLoop()));
        }
    }

    @Test
    void streamOpensAfterItsTokenIsVerified() {
        EventStream stream = hub.open(
                        "/SSE?topic=opened",
                        Map.of("Authorization", "Bearer " + MINT.token(CLAIMS.formatted("reader"))))
                .awaitCount(1);

        publish(MINT.token(CLAIMS.formatted("writer")), "opened", "hello")
                .then()
                .statusCode(200);

        stream.awaitCount(2);
    }

    /** Records the thread that responds. */
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
