package dev.herald.web;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import io.restassured.response.Response;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import dev.herald.sse.EventStream;

import static io.restassured.RestAssured.given;

/** The hub under test as its users see it: by HTTP alone. Closes what a test opened. */
public final class HubClient implements BeforeEachCallback, AfterEachCallback {
    private static final int MAX_CONNECTIONS = 5_000;

    private final HttpClientOptions options;
    private final List<EventStream> streams = Collections.synchronizedList(new ArrayList<>());
    private Vertx vertx;
    private HttpClient client;

    public HubClient() {
        this(new HttpClientOptions());
    }

    public HubClient(HttpClientOptions options) {
        this.options = options;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        vertx = Vertx.vertx();
        client = vertx.createHttpClient(new HttpClientOptions(options)
                .setDefaultHost("localhost")
                .setDefaultPort(port())
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

    public static int port() {
        return ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
    }

    public HttpClient http() {
        return client;
    }

    public EventStream open(String uri, Map<String, String> headers) {
        EventStream stream = EventStream.open(client, uri, headers);
        streams.add(stream);
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

    /** Publishes JSON to a topic and returns the event's id. */
    public static String publish(String topic, String json) {
        Response response = given().queryParam("topic", topic)
                .contentType("application/json")
                .body(json)
                .post("/message");
        response.then().statusCode(200);
        return response.header("Event-ID");
    }
}
