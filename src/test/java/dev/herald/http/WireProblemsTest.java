package dev.herald.http;

import java.nio.charset.StandardCharsets;
import java.util.logging.Level;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.MovingClock;
import dev.herald.auth.Authenticators;
import dev.herald.log.CapturedErrors;

import static org.assertj.core.api.Assertions.assertThat;

class WireProblemsTest {
    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors(RefusedRequests.class.getName(), Level.INFO);

    private final Rejections rejections = new Rejections();
    private final WireProblems problems = new WireProblems(
            null,
            new RefusedRequests(rejections, Authenticators.authenticator(new MovingClock(), "herald.open=true")),
            null);

    /** Such as refused streams of HTTP/2, which have no response at all. */
    @Test
    void rejectionsBelowTheResourcesAreCountedAndReported() {
        problems.record("GET", 503);
        problems.record("POST", 431);
        problems.record("no method", 400);

        assertThat(rejections.unnamed(Rejections.Unnamed.INVALID_HTTP)).isEqualTo(3);
        assertThat(logged.lines())
                .containsExactly(
                        "Requests were refused. request=read problem=503 count=1",
                        "Requests were refused. request=publish problem=431 count=1",
                        "Requests were refused. request=read problem=400 count=1");
    }

    @Test
    void failureOfTheHubIsNoRefusal() {
        problems.record("GET", 500);

        assertThat(rejections.unnamed(Rejections.Unnamed.INVALID_HTTP)).isEqualTo(1);
        assertThat(logged.lines()).isEmpty();
    }

    @Test
    void documentIsJson() {
        assertThat(new String(problems.document(431, "a \"b\""), StandardCharsets.UTF_8))
                .isEqualTo("{\"type\":\"about:blank\",\"title\":\"Request Header Fields Too Large\",\"status\":431,"
                        + "\"detail\":\"a \\\"b\\\"\"}");
    }
}
