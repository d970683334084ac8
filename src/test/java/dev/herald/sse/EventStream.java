package dev.herald.sse;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;

import dev.herald.Patience;

import static dev.herald.Patience.eventually;

/** Open event stream with its received messages. */
public final class EventStream implements AutoCloseable {
    private final List<Message> messages = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger comments = new AtomicInteger();
    private final SseParser parser = new SseParser(messages::add, comments::incrementAndGet);
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private final HttpClientResponse response;

    private EventStream(HttpClientResponse response) {
        this.response = response;
        response.handler(chunk -> parser.feed(chunk.getBytes()));
        response.endHandler(end -> ended.complete(true));
        response.exceptionHandler(cut -> ended.complete(false));
    }

    /**
     * Opens a stream; returns after its response head.
     *
     * @param uri absolute, or a path on the client's default host
     */
    public static EventStream open(HttpClient client, String uri, Map<String, String> headers) {
        return open(client, HttpMethod.GET, uri, headers, Buffer.buffer());
    }

    /** As {@link #open(HttpClient, String, Map)}, with another method and a body. */
    public static EventStream open(
            HttpClient client, HttpMethod method, String uri, Map<String, String> headers, Buffer body) {
        MultiMap all = MultiMap.caseInsensitiveMultiMap()
                .add("Accept", "text/event-stream")
                .addAll(headers);
        RequestOptions request =
                uri.startsWith("/") ? new RequestOptions().setURI(uri) : new RequestOptions().setAbsoluteURI(uri);
        return Patience.done(client.request(request.setMethod(method).setHeaders(all))
                .compose(opened -> send(opened, body))
                .toCompletionStage());
    }

    /** Sets the handler before the first byte: data without a handler is lost. */
    private static Future<EventStream> send(HttpClientRequest request, Buffer body) {
        Future<EventStream> opened = request.response().map(EventStream::new);
        if (body.length() == 0) {
            request.send();
        } else {
            request.send(body);
        }
        return opened;
    }

    /** Opens a stream without further headers. */
    public static EventStream open(HttpClient client, String uri) {
        return open(client, uri, Map.of());
    }

    public int status() {
        return response.statusCode();
    }

    public MultiMap headers() {
        return response.headers();
    }

    public HttpVersion version() {
        return response.version();
    }

    /** All messages so far, including the empty one at the start. */
    public List<Message> messages() {
        synchronized (messages) {
            return List.copyOf(messages);
        }
    }

    /** Data of published messages so far. */
    public List<String> data() {
        return messages().stream()
                .filter(message ->
                        message.type().equals("message") && !message.data().equals("{}"))
                .map(Message::data)
                .toList();
    }

    /** Number of messages so far, without copying them. */
    public int count() {
        return messages.size();
    }

    public int comments() {
        return comments.get();
    }

    /** Last-Event-ID that a browser would send when it reconnects. */
    public String lastEventId() {
        return parser.lastEventId();
    }

    /** Reconnection time set by the stream, in milliseconds. */
    public long retryMillis() {
        return parser.retryMillis();
    }

    /** Waits for this many messages, including the empty one at the start. */
    public EventStream awaitCount(int count) {
        eventually().until(() -> messages.size() >= count);
        return this;
    }

    /** Waits for the end; true if it was orderly. */
    public boolean awaitEnd() {
        return ended.orTimeout(Patience.LIMIT.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    /** Whether the stream is still open. */
    public boolean isOpen() {
        return !ended.isDone();
    }

    /** Stops reading from the socket. */
    public void pause() {
        response.pause();
    }

    /** Resumes reading. */
    public void resume() {
        response.resume();
    }

    @Override
    public void close() {
        if (response.version() == HttpVersion.HTTP_2) {
            response.request().reset();
        } else {
            response.request().connection().close();
        }
    }
}
