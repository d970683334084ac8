package dev.herald.auth;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * HTTP client for the JWK set of one issuer. Follows no redirect, since the keys must come from the configured URL.
 * Bounded in time and bytes. Thread-safe; blocks no caller, as the JDK's client has threads of its own.
 */
final class JwksClient {
    /** Longest body, in bytes, inclusive: more than a hundred keys. */
    static final int MAX_BYTES = 262_144;

    private static final int OK = 200;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final HttpRequest request;
    private final Duration timeout;

    /** @param timeout until the last byte of the body */
    JwksClient(URI url, Duration timeout) {
        this.request = HttpRequest.newBuilder(url)
                .header("Accept", "application/jwk-set+json, application/json")
                .build();
        this.timeout = timeout;
    }

    /** Fetches the body of a response with status 200. Fails with the reason. */
    CompletionStage<String> fetch() {
        CompletableFuture<String> body = new CompletableFuture<>();
        CompletableFuture<HttpResponse<String>> exchange =
                client.sendAsync(request, head -> subscriber(head.statusCode(), body));
        exchange.whenComplete((response, failure) -> {
            if (failure == null) {
                body.complete(response.body());
            } else {
                body.completeExceptionally(failure);
            }
        });
        // The request's own timeout would cover the head only. Cancelling closes the connection.
        return body.orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((text, failure) -> exchange.cancel(true));
    }

    private static BodySubscriber<String> subscriber(int status, CompletableFuture<String> body) {
        if (status != OK) {
            body.completeExceptionally(new IOException("HTTP status " + status));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        return BodySubscribers.mapping(
                BodySubscribers.ofByteArrayConsumer(part -> part.ifPresent(more -> {
                    if (bytes.size() + more.length <= MAX_BYTES) {
                        bytes.writeBytes(more);
                    } else {
                        body.completeExceptionally(new IOException("more than " + MAX_BYTES + " bytes"));
                    }
                })),
                done -> bytes.toString(StandardCharsets.UTF_8));
    }

    /** Without user and query, which may be secret. */
    @Override
    public String toString() {
        URI url = request.uri();
        return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort()) + url.getPath();
    }
}
