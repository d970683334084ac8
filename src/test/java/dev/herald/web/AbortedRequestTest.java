package dev.herald.web;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.herald.Rounds;
import dev.herald.auth.KeyPairs;
import dev.herald.auth.TokenMint;
import dev.herald.http.HubPaths;
import dev.herald.hub.Hub;
import dev.herald.log.CapturedErrors;
import dev.herald.memory.HeapShares;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a disconnect during a request releases all memory reserved for it, at once and not only at the deadline
 * for bodies. The tokens are verified off the event loops.
 */
@QuarkusTest
@TestProfile(AsyncVerificationTest.PublicKeys.class)
class AbortedRequestTest {
    private static final int REQUESTS = Rounds.of(300, 5_000);
    private static final int BODY_BYTES = 1 << 20;

    /** Well below the deadline for bodies of 30 s. */
    private static final Duration SOON = Duration.ofSeconds(15);

    private static final TokenMint MINT =
            TokenMint.of("ES256", KeyPairs.of("ES256").getPrivate());
    private static final AtomicInteger TOKENS = new AtomicInteger();

    @Inject
    HeapShares heap;

    @Inject
    Hub server;

    private final CapturedErrors logged = new CapturedErrors("dev.herald");
    private final String topic = UUID.randomUUID().toString();
    private final Random random = new Random(1);
    private Map<String, Long> before;

    /** A token never seen before, or one of a few cached ones. */
    private String bearer(boolean known) {
        int number = known ? random.nextInt(3) : TOKENS.incrementAndGet() + 3;
        return "Bearer "
                + MINT.token(
                        "{\"mercure\":{\"publish\":[\"*\"],\"subscribe\":[\"*\"]},\"jti\":\"aborted" + number + "\"}");
    }

    private String post(boolean known, int length) {
        return "POST /message?topic=" + topic + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
                + "Authorization: " + bearer(known) + "\r\nContent-Length: " + length + "\r\n\r\n";
    }

    private Map<String, Long> reserved() {
        Map<String, Long> reserved = new LinkedHashMap<>();
        reserved.put("bodies", heap.bodies().reserved());
        reserved.put("updates", heap.updates().reserved());
        reserved.put("tokens", heap.tokens().reserved());
        reserved.put("streams", heap.streams().reserved());
        reserved.put("pages", heap.pages().reserved() + heap.expensivePages().reserved());
        reserved.put("presence", heap.presence().reserved());
        reserved.put("documents", heap.documents().reserved());
        reserved.put("history", heap.history().reserved());
        return reserved;
    }

    @BeforeEach
    void capture() {
        logged.start();
    }

    @AfterEach
    void stop() {
        logged.stop();
    }

    @BeforeEach
    void rest() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            assertThat(connection.send(post(true, 2) + "hi").answer()).startsWith("HTTP/1.1 200 ");
        }
        eventually().until(() -> server.subscribers() == 0);
        before = reserved();
    }

    /** Point of a request at which a client disconnects, again and again. */
    enum DisconnectPoint {
        IN_THE_MIDDLE_OF_A_BODY {
            @Override
            void repeat(AbortedRequestTest test) throws IOException {
                for (int i = 0; i < REQUESTS; i++) {
                    disconnect(
                            test, test.post(i % 2 == 0, BODY_BYTES) + "x".repeat(i % 3 == 0 ? BODY_BYTES / 2 : 10_000));
                }
            }
        },
        BEFORE_A_BODY {
            @Override
            void repeat(AbortedRequestTest test) throws IOException {
                for (int i = 0; i < REQUESTS; i++) {
                    disconnect(test, test.post(i % 2 == 0, BODY_BYTES));
                }
            }
        },
        WHILE_THE_LOG_COMMITS {
            @Override
            void repeat(AbortedRequestTest test) throws IOException {
                for (int i = 0; i < REQUESTS; i++) {
                    disconnect(test, test.post(i % 2 == 0, 2) + "hi");
                }
            }
        },
        WHILE_A_STREAM_WAITS_FOR_ITS_TOKEN {
            @Override
            void repeat(AbortedRequestTest test) throws IOException {
                for (int i = 0; i < REQUESTS; i++) {
                    disconnect(
                            test,
                            "GET /SSE?topic=" + test.topic + (i % 3 == 0 ? "&lastEventID=earliest" : "")
                                    + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + test.bearer(i % 2 == 0)
                                    + "\r\n\r\n");
                }
            }
        },
        WHILE_A_DOCUMENT_WAITS_FOR_ITS_TOKEN {
            @Override
            void repeat(AbortedRequestTest test) throws IOException {
                for (int i = 0; i < REQUESTS; i++) {
                    disconnect(
                            test,
                            "GET " + HubPaths.MERCURE + "/subscriptions HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                                    + test.bearer(i % 2 == 0) + "\r\n\r\n");
                }
            }
        };

        abstract void repeat(AbortedRequestTest test) throws IOException;

        private static void disconnect(AbortedRequestTest test, String request) throws IOException {
            try (RawConnection connection = new RawConnection().send(request)) {
                if (test.random.nextBoolean()) {
                    connection.reset();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(DisconnectPoint.class)
    void disconnectDuringARequestReleasesAllReservedMemory(DisconnectPoint point) throws IOException {
        point.repeat(this);

        eventually().atMost(SOON).untilAsserted(() -> {
            assertThat(reserved()).isEqualTo(before);
            assertThat(server.subscribers()).isZero();
        });
        assertThat(logged.lines()).isEmpty();
    }
}
