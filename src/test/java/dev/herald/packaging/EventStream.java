package dev.herald.packaging;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;

import org.awaitility.Awaitility;

/** A stream of events that a test reads over HTTP/1.1, on a connection of its own. Thread-safe. */
public final class EventStream implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final CompletableFuture<HttpResponse<Void>> answer;

    private EventStream(URI address) {
        HttpRequest request = HttpRequest.newBuilder(address).build();
        this.answer = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .sendAsync(request, BodyHandlers.fromLineSubscriber(new Lines(lines)));
    }

    /** Opens a stream of the default topic, and returns once it is live. */
    public static EventStream open(URI hub) {
        return open(hub, "/SSE");
    }

    /** Opens the stream at that path, and returns once it is live. */
    public static EventStream open(URI hub, String path) {
        EventStream stream = new EventStream(hub.resolve(path));
        stream.awaitLine("data: {}");
        return stream;
    }

    /** Returns once this line has come; fails when it does not. */
    public void awaitLine(String line) {
        Awaitility.await("the line " + line).atMost(DEADLINE).until(() -> lines.contains(line));
    }

    /**
     * Completes with what the server answered once it has ended the stream in good order, with a last chunk; fails if it
     * cut the stream off.
     */
    public CompletableFuture<HttpResponse<Void>> ended() {
        return answer;
    }

    @Override
    public void close() {
        answer.cancel(true);
    }

    private record Lines(List<String> lines) implements Flow.Subscriber<String> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String line) {
            lines.add(line);
        }

        @Override
        public void onError(Throwable failure) {
            // The answer fails with it.
        }

        @Override
        public void onComplete() {
            // The answer completes.
        }
    }
}
