package dev.herald.http;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that separate failures of the hub from lost connections, since Java reports both as I/O failures. A response
 * that cannot be written as JSON (as in a native image that lacks a registration) and an unreadable file are logged at
 * ERROR and answered with 500. A lost connection is one line at DEBUG.
 */
class ProblemsTest {
    private static final Logger LOGGER = Logger.getLogger(Problems.class.getName());

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
        try (Reports reports = new Reports()) {
            int status = problems.failed(failure, request()).getStatus();

            assertThat(status).isEqualTo(500);
            assertThat(reports.errors).hasSize(1);
        }
    }

    @Test
    void lostConnectionIsNotReportedAsAnError() {
        try (Reports reports = new Reports()) {
            problems.failed(new IOException("Connection reset by peer"), request());

            assertThat(reports.errors).isEmpty();
        }
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

    /** Log handler that captures records at ERROR while it is open. */
    private static final class Reports extends Handler implements AutoCloseable {
        private final List<LogRecord> errors = new CopyOnWriteArrayList<>();
        private final boolean forwards = LOGGER.getUseParentHandlers();

        Reports() {
            LOGGER.addHandler(this);
            LOGGER.setUseParentHandlers(false);
        }

        @Override
        public void publish(LogRecord entry) {
            if (entry.getLevel().intValue() >= Level.SEVERE.intValue()) {
                errors.add(entry);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            LOGGER.removeHandler(this);
            LOGGER.setUseParentHandlers(forwards);
        }
    }
}
