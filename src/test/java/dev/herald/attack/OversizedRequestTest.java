package dev.herald.attack;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Collections;
import java.util.stream.IntStream;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.herald.guarded.Answer;
import dev.herald.guarded.GuardedHub;
import dev.herald.guarded.Request;
import dev.herald.guarded.Tokens;
import dev.herald.web.RawConnection;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of oversized requests: PROTOCOL M6 and the limits of both surfaces. */
@QuarkusTest
@TestProfile(GuardedHub.class)
class OversizedRequestTest {
    private static final int MAX_SELECTORS = 1_000;
    private static final int ENOUGH = 100_000;

    @Test
    void m6TokenWithMoreThan1000SelectorsGets401() {
        String[] most = selectors(MAX_SELECTORS);
        String[] more = selectors(MAX_SELECTORS + 1);

        assertThat(publish(Tokens.publisher(most)).status()).isEqualTo(200);
        assertThat(publish(Tokens.publisher(more)).status()).isEqualTo(401);
        assertThat(subscribe(Tokens.subscriber(most)).status()).isEqualTo(200);
        assertThat(subscribe(Tokens.subscriber(more)).status()).isEqualTo(401);
    }

    @Test
    void m6RequestWithMoreThan1000SelectorsGets400() {
        for (String path : new String[] {"/SSE", Request.MERCURE}) {
            String most = path + "?topic=" + String.join("&topic=", selectors(MAX_SELECTORS));

            assertThat(Request.get(most).send().status()).isEqualTo(200);
            assertThat(Request.get(most + "&topic=x").send().status()).isEqualTo(400);
            assertThat(Request.get(path + "?" + "&topic=x".repeat(MAX_SELECTORS + 1))
                            .send()
                            .status())
                    .as("one topic repeated")
                    .isEqualTo(400);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "431, 'POST /.well-known/mercure HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer '",
        "431, 'POST /.well-known/mercure HTTP/1.1\r\nHost: localhost\r\nCookie: mercureAuthorization='",
        "414, 'POST /.well-known/mercure?authorization='"
    })
    void tokenOfAMegabyteIsRejectedBeforeItIsRead(int status, String before) throws IOException {
        String token = Tokens.publisher("*", "x".repeat(1 << 20));
        try (RawConnection connection = new RawConnection()) {
            connection.send(before + token.substring(0, ENOUGH));

            assertThat(connection.readUntil("\r\n")).contains(" " + status + " ");
            assertThat(ends(connection, token.substring(ENOUGH)))
                    .as("closed while the client sends on")
                    .isTrue();
        }
        assertThat(publish(Tokens.publisher("t")).status()).as("next request").isEqualTo(200);
    }

    private static boolean ends(RawConnection connection, String rest) {
        try {
            connection.send(rest).readToEnd();
            return true;
        } catch (SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException cut) {
            return true;
        }
    }

    @Test
    void invalidTokenOfTheMaximumHeaderSizeGets401() {
        String nested = "[".repeat(20_000) + "]".repeat(20_000);

        assertThat(publish(Tokens.publisher("*", "x".repeat(40_000))).status()).isEqualTo(401);
        assertThat(publish(Tokens.publishers().token(Tokens.claims("\"mercure\":{\"payload\":" + nested + "}")))
                        .status())
                .isEqualTo(401);
        assertThat(publish(String.join(".", Collections.nCopies(30_000, "x"))).status())
                .isEqualTo(401);
    }

    @Test
    void invalidTokenAmong10000CookiesGets401() {
        String many = "a=b; ".repeat(10_000) + "mercureAuthorization=bad";

        assertThat(Request.get(Request.MERCURE + "?topic=t")
                        .header("Cookie", many)
                        .send()
                        .status())
                .isEqualTo(401);
    }

    private static String[] selectors(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> i == count ? "t" : "t" + i)
                .toArray(String[]::new);
    }

    private static Answer publish(String token) {
        return Request.publish().bearer(token).form("topic", "t").send();
    }

    private static Answer subscribe(String token) {
        return Request.get(Request.MERCURE + "?topic=t").bearer(token).send();
    }
}
