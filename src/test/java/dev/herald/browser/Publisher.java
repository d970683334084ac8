package dev.herald.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.StringJoiner;

import static org.assertj.core.api.Assertions.assertThat;

/** Backend that publishes to the hub directly, not through the browser's proxy. */
final class Publisher {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI messages;
    private final URI updates;
    private final String topic;
    private final Optional<String> token;

    /**
     * @param root base URL of the hub, with a trailing slash
     * @param topic topic to publish to; it must need no escapes in a URL
     */
    Publisher(URL root, String topic) {
        this(root, topic, Optional.empty());
    }

    /** Publisher with a token. */
    Publisher(URL root, String topic, Optional<String> token) {
        this.messages = URI.create(root + "message?topic=" + topic);
        this.updates = URI.create(root + ".well-known/mercure");
        this.topic = topic;
        this.token = token;
    }

    /** Publishes {@code {"message": text}}; the text must need no escapes in JSON. */
    void publish(String text) {
        publishJson("{\"message\":\"" + text + "\"}");
    }

    /** Publishes the JSON. */
    void publishJson(String json) {
        post(messages, "application/json", json);
    }

    /**
     * Publishes an update with more than data.
     *
     * @param namesAndValues names and values of further fields, such as {@code type}, alternating
     * @return the event's id
     */
    String publishUpdate(String data, String... namesAndValues) {
        StringJoiner form = new StringJoiner("&");
        form.add("topic=" + escaped(topic)).add("data=" + escaped(data));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            form.add(namesAndValues[i] + "=" + escaped(namesAndValues[i + 1]));
        }
        return post(updates, "application/x-www-form-urlencoded", form.toString());
    }

    private String post(URI where, String type, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(where)
                .timeout(DEADLINE)
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body));
        token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        try {
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while publishing.", e);
        }
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
