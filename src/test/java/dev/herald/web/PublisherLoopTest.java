package dev.herald.web;

import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@QuarkusTest
class PublisherLoopTest {
    @Inject
    Witness witness;

    @Test
    void invariant6ThePublishersAnswerCompletesOnItsOwnLoop() {
        witness.onOwnLoop.clear();

        IntStream.range(0, 50).parallel().forEach(i -> HubClient.publish("loops", "" + i));

        assertThat(witness.onOwnLoop).hasSize(50).containsOnly(true);
    }

    /** Sees which thread answers. */
    @Singleton
    static class Witness {
        final Collection<Boolean> onOwnLoop = new ConcurrentLinkedQueue<>();

        @ServerResponseFilter
        public void answered(RoutingContext context) {
            if (context.request().path().endsWith(MessageResource.PUBLISH)) {
                onOwnLoop.add(((HttpServerConnection) context.request().connection())
                        .channelHandlerContext()
                        .channel()
                        .eventLoop()
                        .inEventLoop());
            }
        }
    }
}
