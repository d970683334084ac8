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
 * Mercure client of the hub under test, which is the one started by Quarkus or one at the address in the system
 * property {@value #URL}. Closes the streams that a test opened.
 */
final class MercureHub implements BeforeEachCallback, AfterEachCallback {
    private static final String URL = HubClient.ANOTHER_HUB;
    private static final String PATH = "/.well-known/mercure";

    /** Headers of a request without a token. */
    static final Map<String, String> NOBODY = Map.of();

    /** Headers of a subscriber to public updates only, valid whether or not the hub needs a token. */
    static final Map<String, String> ANYBODY = Tokens.bearer(Tokens.subscriber());

    /** Headers of a publisher to every topic. */
    static final Map<String, String> PUBLISHER = Tokens.bearer(Tokens.publisher("*"));

    private final HubClient client;
    private final String path;

    /** The hub at its usual path. */
    MercureHub() {
        this(new HttpClientOptions());
    }

    /** The hub at its usual path, with these client options. */
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

    /** URL of the other hub, if one was given. */
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

    /** The underlying client. */
    HubClient client() {
        return client;
    }

    /** Path of the hub. */
    String path() {
        return path;
    }

    /** Topic unique to the test. */
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

    /** Escapes a value of a form or a query. */
    static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Adds headers to headers. */
    static Map<String, String> and(Map<String, String> some, String... namesAndValues) {
        Map<String, String> all = new HashMap<>(some);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            all.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return all;
    }

    /** Posts a form that is already escaped. */
    Answer post(String form, Map<String, String> headers) {
        return post("", form, headers);
    }

    /** Posts a form; form and query are already escaped. */
    Answer post(String query, String form, Map<String, String> headers) {
        return Patience.done(posting(query, form, headers).toCompletionStage());
    }

    private Future<Answer> posting(String query, String form, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(Map.of("Content-Type", "application/x-www-form-urlencoded"));
        all.putAll(headers);
        return client.sending(HttpMethod.POST, path + query, all, Buffer.buffer(form));
    }

    /** Starts to publish the numbers up to a count, each after the response to the last; adds the ids to the list. */
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

    /** Publishes a private update to a topic and returns the event's id. */
    String publishPrivately(String topic, String data) {
        return publish("topic", topic, "data", data, "private", "on");
    }

    /** Gets an escaped path below the hub's, which must not be a stream. */
    Answer get(String below, Map<String, String> headers) {
        return client.send(HttpMethod.GET, path + below, headers, Buffer.buffer());
    }

    /** Opens a stream with an escaped query; returns after its response head. */
    EventStream open(String query, Map<String, String> headers) {
        return client.open(path + "?" + query, headers);
    }

    /** Opens a stream of these selectors with the headers {@link #ANYBODY}. */
    EventStream subscribe(String... selectors) {
        return subscribe(ANYBODY, selectors);
    }

    /** Opens a stream of these selectors. */
    EventStream subscribe(Map<String, String> headers, String... selectors) {
        EventStream stream = open(topics(selectors), headers);
        assertThat(stream.status()).isEqualTo(200);
        return stream;
    }

    /** Opens a stream of one topic that resumes after an id. */
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

    /** Verifies, with a later event, that the stream received exactly these data of a topic. */
    void assertReceivedOnly(EventStream stream, String topic, String... data) {
        publishTo(topic, "later");
        stream.awaitCount(data.length + 1);
        String[] all = Arrays.copyOf(data, data.length + 1);
        all[data.length] = "later";
        assertThat(stream.data()).containsExactly(all);
    }
}
