package dev.herald.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * JUnit 5 extension with a running hub for the tests of an application. The hub is the packaged one, in a process of its own:
 * its log is in memory, everyone may publish and subscribe, and its port is a free one of 127.0.0.1. Use it in a static
 * field:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final HeraldExtension hub = new HeraldExtension();
 * }</pre>
 *
 * <p>All extensions with the same settings share one hub, which starts at the first use and ends with the JVM. Before each test,
 * {@link #published()} is empty. Tests that JUnit runs concurrently see each other's updates, and should ask for those of
 * a topic of their own.
 *
 * <p>Thread-safe, except for {@link #with}.
 */
public final class HeraldExtension implements BeforeAllCallback, BeforeEachCallback {
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);
    private static final long PAUSE_MILLIS = 5;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Map<String, String> settings = new TreeMap<>(Map.of(
            "herald.open", "true",
            "herald.log.kind", "memory",
            "herald.auth.publisher.key", TestTokens.KEY,
            "herald.auth.subscriber.key", TestTokens.KEY,
            "herald.drain", "0s",
            "herald.self-check", "false",
            "quarkus.http.host", "127.0.0.1",
            "quarkus.http.port", "0"));

    private volatile boolean started;
    private volatile long start;

    /**
     * Changes a setting of the hub, such as {@code herald.open} to {@code false}. Only before its start.
     *
     * @param name as on the page of settings
     * @throws IllegalStateException if the hub has started
     */
    public HeraldExtension with(String name, String value) {
        if (started) {
            throw new IllegalStateException(
                    "The hub has started without '" + name + "': call with() before the first use of the extension.");
        }
        settings.put(name, value);
        return this;
    }

    private HubProcess hub() {
        HubProcess hub = HubProcess.of(settings);
        started = true;
        return hub;
    }

    /** Starts the hub. */
    @Override
    public void beforeAll(ExtensionContext context) {
        clear();
    }

    /** Clears {@link #published()}, unless other tests may run at the same time. */
    @Override
    public void beforeEach(ExtensionContext context) {
        if (context.getExecutionMode() == ExecutionMode.SAME_THREAD) {
            clear();
        }
    }

    /** Address of the hub, without a path. Starts it, so that it may be used before JUnit calls this extension. */
    public URI url() {
        return hub().address();
    }

    /** Key of publishers and subscribers, for HS256. An application that issues tokens is configured with it. */
    public String key() {
        return TestTokens.KEY;
    }

    /**
     * A token that is valid for an hour.
     *
     * @param publish selectors of the topics that it may publish to
     * @param subscribe selectors of the topics whose private updates it may read
     */
    public String token(List<String> publish, List<String> subscribe) {
        return TestTokens.token(publish, subscribe);
    }

    /**
     * Publishes an update, as another application would.
     *
     * @return the event's id
     */
    public String publish(String topic, String data) {
        return publish("topic=" + encoded(topic) + "&data=" + encoded(data));
    }

    /** As {@link #publish(String, String)}, with a private update: subscribers need a {@link #token}. */
    public String publishPrivate(String topic, String data) {
        return publish("topic=" + encoded(topic) + "&data=" + encoded(data) + "&private=on");
    }

    private String publish(String form) {
        HttpRequest request = HttpRequest.newBuilder(url().resolve("/.well-known/mercure"))
                .header("Authorization", "Bearer " + token(List.of("*"), List.of()))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .timeout(REQUEST_LIMIT)
                .POST(BodyPublishers.ofString(form))
                .build();
        try {
            HttpResponse<String> response = CLIENT.send(request, BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalArgumentException("The hub rejected the update: " + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The test was interrupted while it published.", e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * All updates since this test began, or since {@link #clear()}: private ones too, in the order of the log. An update
     * whose publisher has its answer is among them.
     */
    public List<PublishedEvent> published() {
        return hub().eventsAfter(start);
    }

    /** Those of {@link #published()} that have this topic, by its exact name. */
    public List<PublishedEvent> published(String topic) {
        return published().stream()
                .filter(event -> event.topics().contains(topic))
                .toList();
    }

    /**
     * Waits until a topic has this many updates or more.
     *
     * @return all of them
     * @throws AssertionError with those that there are, if the time is over
     */
    public List<PublishedEvent> awaitPublished(String topic, int count, Duration timeout) {
        await(
                () -> published(topic).size() >= count,
                timeout,
                () -> "Expected " + count + " updates of '" + topic + "' within " + timeout + ", but there are "
                        + published());
        return published(topic);
    }

    /**
     * Waits until this many streams or more have a selector, as an application opens them asynchronously: they receive
     * what is published afterwards.
     *
     * @param selector a parameter {@code topic} of the streams, to the letter
     * @throws AssertionError if the time is over
     */
    public void awaitSubscribers(String selector, int count, Duration timeout) {
        await(
                () -> hub().subscribers(selector) >= count,
                timeout,
                () -> "Expected " + count + " streams with the selector '" + selector + "' within " + timeout
                        + ", but there are " + hub().subscribers(selector));
    }

    private static void await(BooleanSupplier condition, Duration timeout, Supplier<String> failure) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begin > timeout.toNanos()) {
                throw new AssertionError(failure.get());
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("The test was interrupted while it waited.", e);
            }
        }
    }

    /** Empties {@link #published()}. The hub's log is unchanged. */
    public void clear() {
        start = hub().head();
    }

    /** The hub's latest log lines, at most 200, for the analysis of a failure. */
    public String log() {
        return hub().output();
    }
}
