package dev.herald.soak;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Stream over HTTP/2. All streams of one client share a connection. */
final class Http2Wire implements Wire {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpResponse<InputStream> response;

    private Http2Wire(HttpResponse<InputStream> response) {
        this.response = response;
    }

    /** Opens a stream and reads its head. */
    static Http2Wire open(HttpClient client, URI address, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(TIMEOUT);
        // The client sends characters as Latin-1, and the hub expects UTF-8.
        headers.forEach((name, value) ->
                request.header(name, new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
        HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
        if (response.version() != HttpClient.Version.HTTP_2) {
            throw new IllegalStateException("The hub answered over " + response.version() + ".");
        }
        return new Http2Wire(response);
    }

    @Override
    public int status() {
        return response.statusCode();
    }

    @Override
    public Optional<String> header(String name) {
        return response.headers()
                .firstValue(name)
                .map(value -> new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }

    @Override
    public InputStream body() {
        InputStream body = response.body();
        return header("Content-Encoding").filter("gzip"::equals).isPresent() ? new Http1Wire.Gunzipped(body) : body;
    }

    /** Resets the stream. */
    @Override
    public void close() throws IOException {
        response.body().close();
    }
}
