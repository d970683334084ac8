package dev.herald.web;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslHandler;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Vertx;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.net.impl.VertxHandler;
import io.vertx.ext.web.RoutingContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.Patience;
import dev.herald.sse.EventStream;
import dev.herald.web.TakeoverPathTest.Protocol;

import static dev.herald.Patience.eventually;
import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a connection keeps once a stream has taken it over: nothing that served its request. A handler that has left the
 * pipeline and is still referenced keeps its neighbours too, and costs each of 10,000 idle streams a kilobyte.
 */
@QuarkusTest
@TestProfile(TlsProfile.class)
class TakeoverMemoryTest {
    private static final String WATCHED = "X-Test-Watched";

    @Inject
    Witness witness;

    private final Vertx vertx = Vertx.vertx();

    /** Keeps weak references to what serves the requests that ask for it. */
    @Singleton
    static class Witness {
        private final Queue<WeakReference<Object>> seen = new ConcurrentLinkedQueue<>();

        void register(@Observes Filters filters) {
            filters.register(this::look, 1_000);
        }

        private void look(RoutingContext context) {
            if (context.request().getHeader(WATCHED) != null) {
                HttpServerConnection connection =
                        (HttpServerConnection) context.request().connection();
                connection.channelHandlerContext().pipeline().forEach(entry -> addUnlessItStays(entry.getValue()));
                seen.add(new WeakReference<>(context.request()));
                seen.add(new WeakReference<>(context));
            }
            context.next();
        }

        private void addUnlessItStays(ChannelHandler handler) {
            if (!(handler instanceof SslHandler || handler instanceof VertxHandler)) {
                seen.add(new WeakReference<>(handler));
            }
        }

        /** Classes of those that were seen and are still reachable. */
        List<String> reachable() {
            System.gc();
            return seen.stream()
                    .map(WeakReference::get)
                    .filter(object -> object != null)
                    .map(object -> object.getClass().getName())
                    .toList();
        }
    }

    @AfterEach
    void close() {
        Patience.done(vertx.close().toCompletionStage());
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_1_1_OVER_TLS"})
    void nothingThatServedTheRequestStaysReachable(Protocol protocol) {
        String topic = UUID.randomUUID().toString();

        EventStream stream = EventStream.open(
                        vertx.createHttpClient(protocol.options()), "/SSE?topic=" + topic, Map.of(WATCHED, "yes"))
                .awaitCount(1);

        assertThat(witness.seen).hasSizeGreaterThan(4);
        eventually().untilAsserted(() -> assertThat(witness.reachable()).isEmpty());
        publish(topic, "1");
        assertThat(stream.awaitCount(2).data()).containsExactly("1");
    }
}
