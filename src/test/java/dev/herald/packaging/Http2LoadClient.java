package dev.herald.packaging;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;

/**
 * Many concurrent requests over few clear-text HTTP/2 connections, each from an address of its own. So the hub's budget
 * for resets of one address delays none of them. Only the heads of the responses are read.
 */
final class Http2LoadClient implements AutoCloseable {
    private static final long DEADLINE_SECONDS = 120;

    /** Smaller than any content, so that a response stays in the hub. */
    private static final int WINDOW_BYTES = 1;

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(1)
            // Encoding long heads on a busy machine takes longer than the default of 2 s, and Vert.x warns.
            .setMaxEventLoopExecuteTime(TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS)));
    private final List<HttpClient> clients;

    /**
     * @param addresses network of the connections' local addresses, such as {@code 127.0.2}
     * @param connections at most 254
     */
    Http2LoadClient(URI hub, String addresses, int connections) {
        clients = IntStream.rangeClosed(1, connections)
                .mapToObj(number -> vertx.createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false)
                        .setHttp2MaxPoolSize(1)
                        .setLocalAddress(addresses + "." + number)
                        .setInitialSettings(new Http2Settings().setInitialWindowSize(WINDOW_BYTES))
                        .setDefaultHost(hub.getHost())
                        .setDefaultPort(hub.getPort())))
                .toList();
    }

    /**
     * Sends this many requests, and waits for the heads of all responses, which stay open until this is closed.
     *
     * @param sending completes a request, by default a GET, and sends it
     * @return count of each status; 0 is a refused stream, or a missing response
     */
    Map<Integer, Integer> send(int count, Function<HttpClientRequest, Future<Void>> sending) {
        Map<Integer, Integer> statuses = new TreeMap<>();
        CompletableFuture<?>[] answers = new CompletableFuture<?>[count];
        for (int i = 0; i < count; i++) {
            answers[i] = clients.get(i % clients.size())
                    .request(HttpMethod.GET, "/")
                    .compose(request -> status(request, sending))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS);
        }
        for (CompletableFuture<?> answer : answers) {
            try {
                statuses.merge((Integer) answer.join(), 1, Integer::sum);
            } catch (CompletionException reset) {

                statuses.merge(0, 1, Integer::sum);
            }
        }
        return statuses;
    }

    private static Future<Integer> status(
            HttpClientRequest request, Function<HttpClientRequest, Future<Void>> sending) {
        Promise<Integer> status = Promise.promise();
        request.response().onFailure(status::tryFail).onSuccess(response -> {
            response.pause();
            response.exceptionHandler(closed -> {});
            status.tryComplete(response.statusCode());
        });
        request.exceptionHandler(status::tryFail);
        sending.apply(request).onFailure(status::tryFail);
        return status.future();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
