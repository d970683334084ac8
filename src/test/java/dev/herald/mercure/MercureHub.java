package dev.herald.mercure;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import dev.herald.Patience;
import dev.herald.sse.EventStream;
import dev.herald.web.HubClient;
import dev.herald.web.HubClient.Answer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The hub under test as publishers and subscribers of Mercure see it: the one that Quarkus has started, or another one whose
 * address the system property {@value #URL} holds. Closes what a test opened.
 */
final class MercureHub implements BeforeEachCallback, AfterEachCallback {
    private static final String URL = "hub.url";
    private static final String PATH = "/.well-known/mercure";

    /** Headers of a request without a token. */
    static final Map<String, String> NOBODY = Map.of();

    /** Headers of somebody who may read what everybody may, whether or not the hub asks for a token. */
    static final Map<String, String> ANYBODY = Tokens.bearer(Tokens.subscriber());

    /** Headers of somebody who may publish to every topic. */
    static final Map<String, String> PUBLISHER = Tokens.bearer(Tokens.publisher("*"));

    private final HubClient client;
    private final String path;

    /** The hub at its usual path. */
    MercureHub() {
        this(new HttpClientOptions());
    }

    /** The same, spoken to in a way of its own. */
    MercureHub(HttpClientOptions options) {
        this(another().map(URI::getRawPath).orElse(PATH), options);
    }

    /** The hub at another path. */
    MercureHub(String path) {
        this(path, new HttpClientOptions());
    }

    private MercureHub(String path, HttpClientOptions options) {
        this.path = path;
        this.client = new HubClient(() -> addressed(options));
    }

    /** The hub that was named, if one was. */
    static Optional<URI> another() {
        return Optional.ofNullable(System.getProperty(URL)).map(URI::create);
    }

    private static HttpClientOptions addressed(HttpClientOptions options) {
        URI hub = another().orElseGet(() -> URI.create("http://localhost:" + HubClient.port()));
        boolean secure = hub.getScheme().equals("https");
        int port = hub.getPort() >= 0 ? hub.getPort() : secure ? 443 : 80;
        return new HttpClientOptions(options)
                .setDefaultHost(hub.getHost())
                .setDefaultPort(port)
                .setSsl(secure);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        client.beforeEach(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        client.afterEach(context);
    }

    /** For what only this client needs. */
    HubClient client() {
        return client;
    }

    /** Path of the hub. */
    String path() {
        return path;
    }

    /** A topic that no other test has. */
    static String uniqueTopic() {
        return "https://example.com/" + UUID.randomUUID();
    }

    /** {@code name=value&…}, escaped. */
    static String form(String... namesAndValues) {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            form.append(i == 0 ? "" : "&")
                    .append(escape(namesAndValues[i]))
                    .append('=')
                    .append(escape(namesAndValues[i + 1]));
        }
        return form.toString();
    }

    /** A value of a form or of a query, escaped. */
    static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** All of these headers. */
    static Map<String, String> and(Map<String, String> some, String... namesAndValues) {
        Map<String, String> all = new HashMap<>(some);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            all.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return all;
    }

    /** Posts a form, escaped already. */
    Answer post(String form, Map<String, String> headers) {
        return post("", form, headers);
    }

    /** Posts a form, both it and the query escaped already. */
    Answer post(String query, String form, Map<String, String> headers) {
        return Patience.done(posting(query, form, headers).toCompletionStage());
    }

    private Future<Answer> posting(String query, String form, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(Map.of("Content-Type", "application/x-www-form-urlencoded"));
        all.putAll(headers);
        return client.sending(HttpMethod.POST, path + query, all, Buffer.buffer(form));
    }

    /** Begins to publish the numbers up to a count, each answered before the next is sent; ids are added as they come. */
    CompletableFuture<Void> publishNumbers(String topic, int count, List<String> ids) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        publishNumbers(topic, 0, count, ids, done);
        return done;
    }

    private void publishNumbers(String topic, int next, int count, List<String> ids, CompletableFuture<Void> done) {
        if (next == count) {
            done.complete(null);
            return;
        }
        posting("", form("topic", topic, "data", Integer.toString(next)), PUBLISHER)
                .onSuccess(answer -> {
                    ids.add(answer.body());
                    publishNumbers(topic, next + 1, count, ids, done);
                })
                .onFailure(done::completeExceptionally);
    }

    /** Publishes these fields and returns the event's id. */
    String publish(String... namesAndValues) {
        Answer answer = post(form(namesAndValues), PUBLISHER);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    /** Publishes data to a topic and returns the event's id. */
    String publishTo(String topic, String data) {
        return publish("topic", topic, "data", data);
    }

    /** Publishes data to a topic, for those who have the grant, and returns the event's id. */
    String publishPrivately(String topic, String data) {
        return publish("topic", topic, "data", data, "private", "on");
    }

    /** Asks for what is below the path, escaped already, which must not be a stream. */
    Answer get(String below, Map<String, String> headers) {
        return client.send(HttpMethod.GET, path + below, headers, Buffer.buffer());
    }

    /** Opens a stream by a query that is escaped already; returns once its head has come. */
    EventStream open(String query, Map<String, String> headers) {
        return client.open(path + "?" + query, headers);
    }

    /** Opens a stream of these selectors as {@link #ANYBODY}. */
    EventStream subscribe(String... selectors) {
        return subscribe(ANYBODY, selectors);
    }

    /** Opens a stream of these selectors. */
    EventStream subscribe(Map<String, String> headers, String... selectors) {
        EventStream stream = open(topics(selectors), headers);
        assertThat(stream.status()).isEqualTo(200);
        return stream;
    }

    /** Opens a stream of one topic from an id on. */
    EventStream resume(String topic, String lastEventId) {
        return subscribe(and(ANYBODY, "Last-Event-ID", lastEventId), topic);
    }

    /** {@code topic=…&topic=…}, escaped. */
    static String topics(String... selectors) {
        String[] all = new String[selectors.length * 2];
        for (int i = 0; i < selectors.length; i++) {
            all[2 * i] = "topic";
            all[2 * i + 1] = selectors[i];
        }
        return form(all);
    }

    /** Checks that of a topic the stream has got these data and nothing else, by an event that comes later. */
    void assertHasGotOnly(EventStream stream, String topic, String... data) {
        publishTo(topic, "later");
        stream.awaitCount(data.length + 1);
        String[] all = Arrays.copyOf(data, data.length + 1);
        all[data.length] = "later";
        assertThat(stream.data()).containsExactly(all);
    }
}
