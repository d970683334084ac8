package dev.herald.auth;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Asks an issuer for its keys, by the JDK's client on threads of its own. Redirects are not followed: the keys come from
 * where the operator said.
 */
final class KeyFetch {
    private static final int OK = 200;

    private final URI url;
    private final Duration timeout;
    private HttpClient client;

    /** @param timeout until the last byte of the answer */
    KeyFetch(URI url, Duration timeout) {
        this.url = url;
        this.timeout = timeout;
    }

    /** A JWK set, if it is one. Not to be called again before it is complete. Fails with what went wrong. */
    CompletionStage<String> keys() {
        // Making the client reads the JVM's certificates, for which no event loop has the time.
        return CompletableFuture.supplyAsync(this::client)
                .thenCompose(this::exchange)
                .thenCompose(KeyFetch::body);
    }

    private HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
        }
        return client;
    }

    private CompletionStage<HttpResponse<String>> exchange(HttpClient client) {
        HttpRequest request = HttpRequest.newBuilder(url)
                .header("Accept", "application/jwk-set+json, application/json")
                .build();
        CompletableFuture<HttpResponse<String>> exchange = client.sendAsync(request, head -> new BoundedText());
        // The request's own time-out would only cover the head of the answer.
        return exchange.copy()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((response, failure) -> exchange.cancel(true));
    }

    private static CompletionStage<String> body(HttpResponse<String> response) {
        return response.statusCode() == OK
                ? CompletableFuture.completedStage(response.body())
                : CompletableFuture.failedStage(new IOException("it answered with status " + response.statusCode()));
    }

    @Override
    public String toString() {
        return url.toString();
    }
}
