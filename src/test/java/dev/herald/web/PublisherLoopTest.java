package dev.herald.web;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.junit.jupiter.api.Test;

import dev.herald.http.HubPaths;
import dev.herald.stream.OutletFactory;
import dev.herald.web.quick.QuickDialect;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

@QuarkusTest
class PublisherLoopTest {
    @Inject
    Witness witness;

    @Test
    void invariant6ThePublishersResponseCompletesOnItsOwnLoop() {
        witness.onOwnLoop.clear();

        IntStream.range(0, 50).parallel().forEach(i -> HubClient.publish("loops", "" + i));

        assertThat(witness.onOwnLoop).hasSize(50).containsOnly(true);
    }

    /** The response is also built there, and none is built on the log's thread. */
    @Test
    void invariant6ThePublishersAnswerIsBuiltOnItsOwnLoop() {
        List<String> onOwnLoop = IntStream.range(0, 50)
                .parallel()
                .mapToObj(i -> given().contentType("application/json")
                        .body("1")
                        .post("/witness/publishing")
                        .asString())
                .toList();

        assertThat(onOwnLoop).hasSize(50).containsOnly("true");
    }

    /** Publishes, and returns whether the continuation runs on the request's loop. */
    @Path("/witness/publishing")
    public static class PublishingWitness {
        private final Publishing publishing;
        private final QuickDialect dialect;

        PublishingWitness(Publishing publishing, QuickDialect dialect) {
            this.publishing = publishing;
            this.dialect = dialect;
        }

        @POST
        public Uni<String> publish(RoutingContext context) {
            return publishing
                    .publish(context.request(), dialect)
                    .map(event -> String.valueOf(OutletFactory.loop(context).inEventLoop()));
        }
    }

    /** Records the thread that responds. */
    @Singleton
    static class Witness {
        final Collection<Boolean> onOwnLoop = new ConcurrentLinkedQueue<>();

        @ServerResponseFilter
        public void answered(RoutingContext context) {
            if (context.request().path().endsWith(HubPaths.MESSAGE)) {
                onOwnLoop.add(((HttpServerConnection) context.request().connection())
                        .channelHandlerContext()
                        .channel()
                        .eventLoop()
                        .inEventLoop());
            }
        }
    }
}
