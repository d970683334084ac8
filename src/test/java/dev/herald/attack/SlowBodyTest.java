package dev.herald.attack;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Request;
import dev.herald.guarded.Tokens;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;
import dev.herald.web.RawConnection;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of many publishers whose bodies never end. */
@QuarkusTest
@TestProfile(GuardedHub.class)
class SlowBodyTest {
    private static final int MANY = 200;

    @RegisterExtension
    final HubClient hub = new HubClient();

    private final String topic = UUID.randomUUID().toString();

    private String half(String token) {
        return "POST " + Request.MERCURE + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000000\r\n\r\ntopic="
                + topic;
    }

    @Test
    void slowBodiesDelayNoOtherRequest() throws IOException {
        EventStream stream = hub.open(Request.MERCURE + "?topic=" + topic);
        String token = Tokens.publisher("*");
        List<RawConnection> slow = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                slow.add(new RawConnection().send(half(token)));
            }
            for (RawConnection connection : slow) {
                connection.send("&");
            }

            int status = Request.publish()
                    .bearer(token)
                    .form("topic", topic, "data", "x")
                    .send()
                    .status();

            assertThat(status).isEqualTo(200);
            assertThat(stream.awaitCount(1).data()).containsExactly("x");
        } finally {
            for (RawConnection connection : slow) {
                connection.close();
            }
        }
    }

    @Test
    void slowBodyWithAnInvalidTokenGets401AtOnceAndIsClosed() throws IOException {
        try (RawConnection connection = new RawConnection()) {
            connection.send(half("forged"));

            assertThat(connection.answer()).startsWith("HTTP/1.1 401 ");
            assertThat(ends(connection)).as("the connection").isTrue();
        }
    }

    private static boolean ends(RawConnection connection) {
        try {
            connection.readToEnd();
            return true;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException cut) {
            return true;
        }
    }
}
