package dev.herald.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

import dev.herald.limit.BodyMeter;
import dev.herald.memory.HeapShares;
import dev.herald.memory.Reservation;
import dev.herald.memory.SlowInputs;

/**
 * Non-blocking reader of request bodies up to the configured size. A body that is too large is rejected as soon as that
 * is known. A {@link BodyParser} gets the parts as they arrive. A body must arrive within a deadline. {@link SlowInputs}
 * bounds the memory that slow senders occupy until then.
 *
 * <p>After the response, the rest of the body is discarded for a short time. So the client can read the response and
 * reuse the connection. Then the request is cut off.
 */
@ApplicationScoped
public class BodyReader {
    private static final long LINGER_MILLIS = 2_000;
    private static final long NO_ERROR = 0;

    private final Vertx vertx;
    private final long limit;
    private final long deadlineMillis;
    private final HeapShares heap;

    /** Bodies of which a part has not arrived yet. */
    private final Set<BodyReading<?>> incomplete = ConcurrentHashMap.newKeySet();

    private final SlowInputs slow = new SlowInputs();

    BodyReader(Vertx vertx, PublishConfig config, HeapShares heap) {
        this.vertx = vertx;
        this.limit = config.maxBody().asLongValue();
        this.deadlineMillis = config.bodyTimeout().toMillis();
        this.heap = heap;
    }

    /** Largest body, in bytes, that a heap of some size can parse. */
    public static long largestBody(long heapBytes) {
        return heapBytes / WholeBody.BYTES_WHILE_PARSED;
    }

    /**
     * Reads the whole body and returns the result of {@code parse}, as {@link #read(HttpServerRequest, BodyParser,
     * BodyMeter, Reservation)}.
     */
    public <T> Uni<T> read(HttpServerRequest request, Function<byte[], T> parse, BodyMeter meter, Reservation head) {
        return readWhole(request, new WholeBody<>(parse, heap.bodies(), heap.updates()), meter, head);
    }

    /** As {@link #read(HttpServerRequest, Function, BodyMeter, Reservation)}, without a meter or memory of the head. */
    public <T> Uni<T> read(HttpServerRequest request, Function<byte[], T> parse) {
        return read(request, parse, BodyMeter.FREE, new Reservation(heap.bodies()));
    }

    /**
     * As {@link #read(HttpServerRequest, Function, BodyMeter, Reservation)}, without a meter, for a body that publishes
     * nothing.
     *
     * @param head memory of the rest of the request. Its budget is also that of the body, which so takes no memory of
     *     publishers
     */
    public <T> Uni<T> read(HttpServerRequest request, Function<byte[], T> parse, Reservation head) {
        return readWhole(request, new WholeBody<>(parse, head.budget(), head.budget()), BodyMeter.FREE, head);
    }

    private <T> Uni<T> readWhole(HttpServerRequest request, WholeBody<T> body, BodyMeter meter, Reservation head) {
        return read(request, body, meter, head).onTermination().invoke(body::close);
    }

    /**
     * Reads the body and returns the result of the parser. Subscribe once, on the request's event loop; the result is
     * emitted there. Fails with {@link RequestRejectedException} if the body is compressed, too large, too slow or
     * incomplete, or if the node's memory budget is exhausted. A failure of the parser or of {@code meter} is passed on.
     *
     * @param parser closed after a failure; after a success the caller closes it
     * @param meter called with the size of each part that arrives; if it fails, no further part is kept
     * @param head memory of the rest of the request, which the caller releases when it is answered
     */
    public <T> Uni<T> read(HttpServerRequest request, BodyParser<T> parser, BodyMeter meter, Reservation head) {
        return Uni.createFrom().emitter(emitter -> new BodyReading<T>(
                        vertx, limit, deadlineMillis, incomplete, slow, request, parser, meter, head, emitter)
                .start());
    }

    /** Rejects slow bodies that hold too much memory, if there is too little for another request. Thread-safe. */
    public void relieve() {
        slow.relieve();
    }

    /**
     * Rejects the requests whose body has not arrived completely with 503, since the hub stops. They have published
     * nothing. Thread-safe; returns at once.
     */
    void rejectIncomplete() {
        incomplete.forEach(BodyReading::rejectSinceTheHubStops);
    }

    /**
     * Discards the rest of the body of a request that is answered. Must be called on the request's event loop.
     *
     * @param onEnd runs there when the body is complete, unless the request is cut off
     */
    void discardRest(HttpServerRequest request, Runnable onEnd) {
        request.handler(rest -> {});
        request.exceptionHandler(failure -> {});
        long timer = vertx.setTimer(LINGER_MILLIS, late -> cut(request));
        request.endHandler(ended -> {
            vertx.cancelTimer(timer);
            onEnd.run();
        });
        request.resume();
    }

    /** Over HTTP/2, resets the stream only: the connection carries others (RFC 9113 §8.1). */
    private static void cut(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(NO_ERROR);
        } else {
            request.connection().close();
        }
    }
}
