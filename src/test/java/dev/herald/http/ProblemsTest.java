package dev.herald.http;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;

import jakarta.ws.rs.core.HttpHeaders;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.MovingClock;
import dev.herald.auth.Authenticator;
import dev.herald.auth.Authenticators;
import dev.herald.auth.Grants;
import dev.herald.auth.InvalidTokenException;
import dev.herald.auth.TokenMint;
import dev.herald.log.CapturedErrors;
import dev.herald.log.UnknownOutcomeException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that separate failures of the hub from lost connections, since Java reports both as I/O failures. A response
 * that cannot be written as JSON (as in a native image that lacks a registration) and an unreadable file are logged at
 * ERROR and answered with 500. A lost connection is one line at DEBUG.
 */
class ProblemsTest {
    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors(Problems.class.getName());

    private final Problems problems =
            new Problems(new RefusedRequests(new Rejections(), authenticator()), RootPaths.create());

    static Stream<Exception> failuresOfTheHub() {
        return Stream.of(
                new InvalidDefinitionException((JsonGenerator) null, "No serializer found", null, null) {
                    private static final long serialVersionUID = 1L;
                },
                new NoSuchFileException("index.html"),
                new IllegalStateException("a bug"));
    }

    @ParameterizedTest
    @MethodSource("failuresOfTheHub")
    void failureOfTheHubIsReportedAtErrorAndAnsweredWith500(Exception failure) {
        int status = problems.failed(failure, request()).getStatus();

        assertThat(status).isEqualTo(500);
        assertThat(logged.lines()).singleElement().asString().startsWith("A request failed unexpectedly.");
    }

    @Test
    void lostConnectionIsNotReportedAsAnError() {
        problems.failed(new IOException("Connection reset by peer"), request());

        assertThat(logged.lines()).isEmpty();
    }

    /** A client that repeats by itself would publish twice. */
    @Test
    void unknownOutcomeIsNoInvitationToRetry() {
        RestResponse<Problem> answer =
                problems.unknownOutcome(new UnknownOutcomeException("The database has not answered."), request());

        assertThat(answer.getStatus()).isEqualTo(503);
        assertThat(answer.getHeaders()).doesNotContainKey(HttpHeaders.RETRY_AFTER);
        assertThat(answer.getEntity().detail()).contains("may be stored or not", "'Idempotency-Key'");
    }

    @Test
    void refusalLeavesALineAndTheInvalidTokenNoSecondOne() {
        CapturedErrors refusals = new CapturedErrors(RefusedRequests.class.getName(), Level.INFO);
        refusals.start();
        try {
            problems.rejected(RequestRejectedException.publishDenied(anyone(), "secret-topic"), request());
            problems.invalidToken((InvalidTokenException) rejected("bad"), request());
        } finally {
            refusals.stop();
        }

        assertThat(refusals.lines())
                .containsExactly("Requests were refused. request=read problem=insufficient-scope count=1");
        assertThat(logged.lines()).isEmpty();
    }

    private static Authenticator authenticator() {
        return Authenticators.authenticator(
                new MovingClock(), "herald.auth.publisher.key=" + TokenMint.WELL_KNOWN_SECRET);
    }

    private static Grants anyone() {
        return Authenticators.granted(
                authenticator().publisher(Optional.of(TokenMint.wellKnown().token("{}"))));
    }

    private static Throwable rejected(String token) {
        return Authenticators.rejection(authenticator().publisher(Optional.of(token)));
    }

    private static HttpServerRequest request() {
        HttpServerResponse response = fake(HttpServerResponse.class, Map.of("closed", false));
        return fake(
                HttpServerRequest.class,
                Map.of("response", response, "method", HttpMethod.GET, "path", "/SSE", "toString", "a request"));
    }

    private static <T> T fake(Class<T> type, Map<String, Object> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answers.get(method.getName())));
    }
}
