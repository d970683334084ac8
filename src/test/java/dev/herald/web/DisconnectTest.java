package dev.herald.web;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.inject.Inject;

import io.netty.util.ResourceLeakDetector;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.LeakWatch;
import dev.herald.Patience;
import dev.herald.Rounds;
import dev.herald.hub.Hub;
import dev.herald.stream.SocketBudget;
import dev.herald.stream.StreamStats;
import dev.herald.stream.StreamStats.OutletKind;

import static dev.herald.Patience.eventually;
import static dev.herald.web.HubClient.publish;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a disconnect at any point leaves no stream, no pending byte and no buffer behind. {@link LeakWatch}
 * detects lost buffers.
 */
@QuarkusTest
@TestProfile(DisconnectTest.FewRecentEvents.class)
class DisconnectTest {
    private static final int CLIENTS = Rounds.of(100, 500);

    /** Fewer, since each gets what the kernel buffers. */
    private static final int STALLED_CLIENTS = Rounds.of(8, 20);

    /** So few recent events that replay reads pages of the log. */
    public static final class FewRecentEvents extends TlsProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> overrides = new HashMap<>(super.getConfigOverrides());
            overrides.put("herald.log.recent-bytes", "5000");
            return overrides;
        }
    }

    /** Protocol of a client. */
    enum Client {
        CHUNKED("HTTP/1.1\r\nHost: x", false),
        CHUNKED_OVER_TLS("HTTP/1.1\r\nHost: x", true),
        PLAIN("HTTP/1.0", false);

        private final String protocol;
        private final boolean tls;

        Client(String protocol, boolean tls) {
            this.protocol = protocol;
            this.tls = tls;
        }

        RawConnection ask(String uri) throws Exception {
            RawConnection connection = tls
                    ? RawConnection.secured(
                            TlsProfile.trusting().getSocketFactory(),
                            4_096,
                            ConfigProvider.getConfig().getValue("quarkus.http.test-ssl-port", Integer.class))
                    : new RawConnection(4_096);
            return connection.send("GET " + uri + " " + protocol + "\r\n\r\n");
        }
    }

    @Inject
    Hub server;

    @Inject
    StreamStats counts;

    @Inject
    SocketBudget budget;

    private final String topic = UUID.randomUUID().toString();
    private final String uri = "/SSE?topic=" + topic;
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<RawConnection> opened = new ArrayList<>();

    @AfterEach
    void streamsOfLostConnectionsAreRemoved() throws IOException {
        for (RawConnection connection : opened) {
            connection.close();
        }
        eventually().untilAsserted(() -> {
            assertThat(server.subscribers()).as("seed=%d", seed).isZero();
            assertThat(counts.open(OutletKind.RAW_HTTP1)).as("seed=%d", seed).isZero();
            assertThat(counts.open(OutletKind.RESPONSE)).as("seed=%d", seed).isZero();
            assertThat(budget.waiting()).as("seed=%d", seed).isZero();
        });
    }

    @Test
    void lostBuffersWouldBeReported() {
        assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
    }

    private RawConnection ask(Client client, String asked) throws Exception {
        RawConnection connection = client.ask(asked);
        opened.add(connection);
        return connection;
    }

    private void leave(RawConnection connection) throws IOException {
        if (random.nextBoolean()) {
            connection.reset();
        } else {
            connection.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void disconnectDuringATakeoverReleasesEverything(Client client) throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<?> publishing = CompletableFuture.runAsync(() -> {
            while (!enough.get()) {
                publish(topic, "1");
            }
        });

        for (int i = 0; i < CLIENTS; i++) {
            RawConnection connection = ask(client, uri);
            if (random.nextInt(4) == 0) {
                connection.readUntil("\r\n");
            }
            leave(connection);
        }

        enough.set(true);
        Patience.done(publishing);
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void disconnectDuringAWriteReleasesEverything(Client client) throws Exception {
        List<RawConnection> connections = new ArrayList<>();
        for (int i = 0; i < STALLED_CLIENTS; i++) {
            RawConnection connection = ask(client, uri);
            connection.readUntil("data: {}\n\n");
            connections.add(connection);
        }
        String large = "\"" + "x".repeat(900_000) + "\"";

        for (int i = 0; i < 12; i++) {
            publish(topic, large);
            publish(topic, "" + i);
        }

        eventually()
                .untilAsserted(
                        () -> assertThat(budget.waiting()).as("seed=%d", seed).isPositive());
        for (RawConnection connection : connections) {
            leave(connection);
        }
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void disconnectDuringAPageReleasesEverything(Client client) throws Exception {
        String padding = "x".repeat(2_000);
        for (int i = 0; i < 100; i++) {
            publish(topic, "\"" + i + padding + "\"");
        }

        for (int i = 0; i < CLIENTS; i++) {
            RawConnection connection = ask(client, uri + "&lastEventID=earliest");
            if (random.nextBoolean()) {
                connection.readUntil("data: \"" + random.nextInt(30));
            }
            leave(connection);
        }
    }
}
