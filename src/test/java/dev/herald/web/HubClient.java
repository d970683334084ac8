package dev.herald.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

import io.restassured.RestAssured;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import dev.herald.Patience;
import dev.herald.openapi.AnswerCheck;
import dev.herald.sse.EventStream;
import dev.herald.sse.HttpClients;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * HTTP client of the hub under test. Closes the streams and clients that a test opened. Each answer must be one that the
 * OpenAPI document describes.
 */
public final class HubClient implements BeforeEachCallback, AfterEachCallback {
    private static final int MAX_CONNECTIONS = 5_000;

    /** System property with the URL of another hub, which the OpenAPI document does not describe. */
    public static final String ANOTHER_HUB = "hub.url";

    private final Supplier<HttpClientOptions> options;
    private final List<EventStream> streams = Collections.synchronizedList(new ArrayList<>());
    private Vertx vertx;
    private HttpClient client;
    private String prefix = "";

    /** For the hub that Quarkus started. */
    public HubClient() {
        this(() -> new HttpClientOptions().setDefaultHost("localhost").setDefaultPort(port()));
    }

    /** @param options address and protocol of the hub; read before each test */
    public HubClient(Supplier<HttpClientOptions> options) {
        this.options = options;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        // Not later: other threads have no configuration of their own.
        prefix = ConfigProvider.getConfig()
                .getOptionalValue("quarkus.http.root-path", String.class)
                .filter(root -> !root.equals("/"))
                .orElse("");
        vertx = Vertx.vertx();
        client = HttpClients.create(
                vertx,
                options.get()
                        .setMaxPoolSize(MAX_CONNECTIONS)
                        .setMaxHeaderSize(1 << 17)
                        .setMaxInitialLineLength(1 << 17));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        streams.forEach(EventStream::close);
        streams.clear();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    /** Port of the hub that Quarkus started, in this process or another. */
    public static int port() {
        return ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
    }

    public HttpClient http() {
        return client;
    }

    /** Sends a request without escaping or adding anything, and waits for the whole response. */
    public Answer send(HttpMethod method, String uri, Map<String, String> headers, Buffer body) {
        return Patience.done(sending(method, uri, headers, body).toCompletionStage());
    }

    /** As {@link #send}, without waiting. */
    public Future<Answer> sending(HttpMethod method, String uri, Map<String, String> headers, Buffer body) {
        RequestOptions request = new RequestOptions()
                .setMethod(method)
                .setURI(uri)
                .setHeaders(MultiMap.caseInsensitiveMultiMap().addAll(headers));
        return client.request(request)
                .compose(opened -> opened.send(body).compose(Answer::read))
                .map(answer -> described(method, uri, answer));
    }

    /** The answer; fails if the OpenAPI document does not describe it. */
    private Answer described(HttpMethod method, String uri, Answer answer) {
        check(method, uri, answer.status(), answer.headers(), answer.body());
        return answer;
    }

    private void check(HttpMethod method, String uri, int status, MultiMap headers, String body) {
        if (!uri.startsWith("/") || System.getProperty(ANOTHER_HUB) != null) {
            return;
        }
        if (!uri.startsWith(prefix + "/")) {
            return;
        }
        Map<String, String> byName = new HashMap<>();
        headers.forEach((name, value) -> byName.put(name.toLowerCase(Locale.ROOT), value));
        AnswerCheck.check(
                method.name(), uri.substring(prefix.length()), status, byName, headers.get("Content-Type"), body);
    }

    public EventStream open(String uri, Map<String, String> headers) {
        EventStream stream = EventStream.open(client, uri, headers);
        streams.add(stream);
        check(HttpMethod.GET, uri, stream.status(), stream.headers(), null);
        return stream;
    }

    /** Opens a stream with a form in the body. */
    public EventStream open(HttpMethod method, String uri, Map<String, String> headers, String form) {
        Map<String, String> all = new HashMap<>(Map.of("Content-Type", "application/x-www-form-urlencoded"));
        all.putAll(headers);
        EventStream stream = EventStream.open(client, method, uri, all, Buffer.buffer(form));
        streams.add(stream);
        check(method, uri, stream.status(), stream.headers(), null);
        return stream;
    }

    public EventStream open(String uri) {
        return open(uri, Map.of());
    }

    /** Opens a stream and waits for its first block. */
    public EventStream live(String uri) {
        return open(uri).awaitCount(1);
    }

    public EventStream resume(String uri, String lastEventId) {
        return open(uri, Map.of("Last-Event-ID", lastEventId));
    }

    /**
     * Publishes JSON to a topic, over a connection of its own, and returns the event's id. By the JDK's client: many tests
     * publish in a loop, and REST Assured takes several times as long.
     */
    public static String publish(String topic, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        URI uri = URI.create("http://localhost:" + RestAssured.port + "/" + RestAssured.basePath + "/")
                .resolve("message?topic=" + URLEncoder.encode(topic, StandardCharsets.UTF_8));
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
            connection.setRequestMethod("POST");
            connection.setRequestProperty("Connection", "close");
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setDoOutput(true);
            // Not sent again after a failure.
            connection.setFixedLengthStreamingMode(body.length);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
            assertThat(connection.getResponseCode()).isEqualTo(200);
            try (InputStream in = connection.getInputStream()) {
                in.readAllBytes();
            }
            return connection.getHeaderField("Event-ID");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Complete response. */
    public record Answer(int status, MultiMap headers, String body) {
        /** Must be called in the response's callback: data that arrives without a handler is lost. */
        private static Future<Answer> read(HttpClientResponse response) {
            return response.body()
                    .map(bytes -> new Answer(response.statusCode(), response.headers(), bytes.toString()));
        }

        /** A header's only value; null if it is missing. */
        public String header(String name) {
            List<String> values = headers.getAll(name);
            if (values.size() > 1) {
                throw new AssertionError(name + " was sent " + values.size() + " times: " + values);
            }
            return headers.get(name);
        }
    }
}
