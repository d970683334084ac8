package dev.herald.http;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.log.CapturedErrors;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that separate failures of the hub from lost connections, since Java reports both as I/O failures. A response
 * that cannot be written as JSON (as in a native image that lacks a registration) and an unreadable file are logged at
 * ERROR and answered with 500. A lost connection is one line at DEBUG.
 */
class ProblemsTest {
    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors(Problems.class.getName());

    private final Problems problems = new Problems();

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
