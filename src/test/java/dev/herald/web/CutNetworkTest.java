package dev.herald.web;

import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;

import dev.herald.Patience;
import dev.herald.hub.Hub;
import dev.herald.sse.EventStream;
import dev.herald.stats.StreamEnd;
import dev.herald.web.TakeoverPathTest.Protocol;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of clients whose network is cut: no FIN or RST arrives, and heartbeats fit into the kernel's buffer. On every
 * way to the socket the hub removes them within heartbeat plus write timeout, but not while they acknowledge data.
 */
@QuarkusTest
@TestProfile(WriteTimeoutTest.ShortWriteTimeout.class)
class CutNetworkTest {
    private static final int CLIENTS = 5;
    /** Longer than the write timeout. */
    private static final int HEARTBEATS = 6;

    @Inject
    Hub server;

    private final String uri = "/SSE?topic=" + UUID.randomUUID();

    @Test
    void clientsAreRemovedAfterTheirNetworkIsCutAndNotBefore() throws Exception {
        long vanishedBefore = server.total(StreamEnd.VANISHED);
        Vertx vertx = Vertx.vertx();
        try (NetworkNamespace far = new NetworkNamespace()) {
            String clear = "http://" + far.hub() + ":" + Protocol.H2C.options().getDefaultPort() + uri;
            String secured =
                    "https://" + far.hub() + ":" + Protocol.HTTP_2.options().getDefaultPort() + uri;
            far.start("curl", "-sN", "--http1.0", clear);
            far.start("curl", "-sN", "--http1.1", clear);
            far.start("curl", "-sN", "--http2-prior-knowledge", clear);
            far.start("curl", "-sNk", "--http1.1", secured);
            far.start("curl", "-sNk", "--http2", secured);
            eventually().until(() -> server.subscribers() == CLIENTS);
            EventStream near = EventStream.open(vertx.createHttpClient(Protocol.HTTP_1_1.options()), uri);
            eventually().until(() -> near.comments() >= HEARTBEATS);
            assertThat(server.subscribers()).isEqualTo(CLIENTS + 1);

            far.cut();

            eventually().until(() -> server.subscribers() == 1);
            assertThat(server.total(StreamEnd.VANISHED) - vanishedBefore)
                    .as("over HTTP/1.1, in clear text and TLS")
                    .isEqualTo(2);
            assertThat(near.isOpen()).isTrue();
        } finally {
            Patience.done(vertx.close().toCompletionStage());
        }
        eventually().until(() -> server.subscribers() == 0);
    }
}
