package dev.herald.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

/** A backend that publishes to the hub directly, whatever happens between the hub and the browser. */
final class Publisher {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI hub;

    /**
     * @param root where the hub is, with a slash at the end
     * @param topic where to publish; it must need no escapes in a URL
     */
    Publisher(URL root, String topic) {
        this.hub = URI.create(root + "message?topic=" + topic);
    }

    /** Publishes {@code {"message": text}}; the text must need no escapes in JSON. */
    void publish(String text) {
        publishJson("{\"message\":\"" + text + "\"}");
    }

    /** Publishes the JSON. */
    void publishJson(String json) {
        HttpRequest request = HttpRequest.newBuilder(hub)
                .timeout(DEADLINE)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while publishing.", e);
        }
    }
}
