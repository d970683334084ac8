package dev.herald.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

import dev.herald.limit.BodyMeter;
import dev.herald.logging.SafeLogger;
import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;

/**
 * Non-blocking reader of request bodies up to the configured size. A body that is too large is rejected as soon as that
 * is known. A {@link BodyParser} gets the parts as they arrive. A body must arrive within a deadline, which bounds the
 * memory that slow senders occupy.
 *
 * <p>After the response, the rest of the body is discarded for a short time, so that the client can read the response
 * and reuse the connection. Then the request is cut off.
 */
@ApplicationScoped
public class BodyReader {
    private static final SafeLogger LOG = SafeLogger.of(BodyReader.class);

    /** Time of parsing after which other tasks of the event loop run. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final long LINGER_MILLIS = 2_000;
    private static final long NO_ERROR = 0;
    private static final String IDENTITY = "identity";

    /** Failures after the end of the body, which its answer reports by itself. */
    private static final Handler<Throwable> IGNORE = failure -> {};

    private final Vertx vertx;
    private final long limit;
    private final long deadlineMillis;
    private final HeapShares heap;

    /** Bodies of which a part has not arrived yet. */
    private final Set<Reading<?>> readings = ConcurrentHashMap.newKeySet();

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
     * BodyMeter)}.
     */
    public <T> Uni<T> read(HttpServerRequest request, Function<byte[], T> parse, BodyMeter meter) {
        return readWhole(request, new WholeBody<>(parse, heap.bodies(), heap.updates()), meter);
    }

    /**
     * As {@link #read(HttpServerRequest, Function, BodyMeter)}, without a meter, for a body that publishes nothing.
     *
     * @param budget for the body and for parsing it, so that it takes no memory of publishers
     */
    public <T> Uni<T> read(HttpServerRequest request, Function<byte[], T> parse, MemoryBudget budget) {
        return readWhole(request, new WholeBody<>(parse, budget, budget), BodyMeter.FREE);
    }

    private <T> Uni<T> readWhole(HttpServerRequest request, WholeBody<T> body, BodyMeter meter) {
        return read(request, body, meter).onTermination().invoke(body::close);
    }

    /**
     * Reads the body and returns the result of the parser. Subscribe once, on the request's event loop; the result is
     * emitted there. Fails with {@link RequestRejectedException} if the body is compressed, too large, too slow or
     * incomplete, or if the node's memory budget is exhausted. A failure of the parser or of {@code meter} is passed on.
     *
     * @param parser closed after a failure; after a success the caller closes it
     * @param meter called with the size of each part that arrives; if it fails, no further part is kept
     */
    public <T> Uni<T> read(HttpServerRequest request, BodyParser<T> parser, BodyMeter meter) {
        return Uni.createFrom().emitter(emitter -> new Reading<T>(request, parser, meter, emitter).start());
    }

    /**
     * Rejects the requests whose body has not arrived completely with 503, since the hub stops. They have published
     * nothing. Thread-safe; returns at once.
     */
    void rejectIncomplete() {
        readings.forEach(Reading::rejectSinceTheHubStops);
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

    /** One body being received. Belongs to the request's event loop. */
    private final class Reading<T> {
        private final HttpServerRequest request;
        private final BodyParser<T> parser;
        private final BodyMeter meter;
        private final UniEmitter<? super T> emitter;
        private long received;
        /** Time of parsing since other tasks of the event loop ran. */
        private long parsingNanos;

        private boolean done;
        private long timer = -1;
        /** Context of the request's loop, while the body is incomplete. */
        private Context loop;

        Reading(HttpServerRequest request, BodyParser<T> parser, BodyMeter meter, UniEmitter<? super T> emitter) {
            this.request = request;
            this.parser = parser;
            this.meter = meter;
            this.emitter = emitter;
        }

        void start() {
            if (rejectsHead()) {
                return;
            }
            request.handler(this::append);
            request.endHandler(ended -> complete());
            request.exceptionHandler(failure -> failIncomplete());
            if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
                request.response().writeContinue();
            }
            request.resume();
            if (request.response().closed()) {
                // Ended while its token was verified; no event reports that again. Buffered bytes, perhaps the whole
                // body, are delivered first.
                vertx.runOnContext(afterwards -> failIncomplete());
            }
            if (!done) {
                loop = vertx.getOrCreateContext();
                readings.add(this);
                timer = vertx.setTimer(
                        deadlineMillis,
                        late -> fail(
                                ProblemType.INCOMPLETE_BODY,
                                "The body did not arrive within " + deadlineMillis
                                        + " ms: send it faster, or raise herald.publish.body-timeout."));
            }
        }

        private boolean rejectsHead() {
            String coding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
            if (coding != null && !coding.isBlank() && !IDENTITY.equalsIgnoreCase(coding.strip())) {
                fail(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE,
                        "The body is compressed ('Content-Encoding'), which is not supported: send it as it is.");
                return true;
            }
            String announced = request.getHeader(HttpHeaders.CONTENT_LENGTH);
            if (announced != null && Long.parseLong(announced) > limit) {
                rejectSize();
                return true;
            }
            return false;
        }

        void rejectSinceTheHubStops() {
            loop.runOnContext(now -> fail(
                    ProblemType.LOG_UNAVAILABLE,
                    "The hub stops before the body has arrived: nothing was published. Retry after 1 s."));
        }

        private void failIncomplete() {
            fail(ProblemType.INCOMPLETE_BODY, "The body ended before all of it had arrived: send it again.");
        }

        private void append(Buffer part) {
            if (done) {
                return;
            }
            received += part.length();
            if (received > limit) {
                rejectSize();
                return;
            }
            long begin = System.nanoTime();
            feedOrFail(part);
            parsingNanos += System.nanoTime() - begin;
            if (!done && parsingNanos > TURN_NANOS) {
                yieldToOtherTasks();
            }
        }

        /** Vert.x only logs a failure of this handler: the body would go on without the part. */
        private void feedOrFail(Buffer part) {
            try {
                meter.bytes(part.length());
                parser.feed(part);
            } catch (Throwable e) {
                if (finish()) {
                    emitter.fail(e);
                }
            }
        }

        private void yieldToOtherTasks() {
            request.pause();
            vertx.runOnContext(later -> {
                parsingNanos = 0;
                request.resume();
            });
        }

        private void rejectSize() {
            fail(
                    ProblemType.BODY_TOO_LARGE,
                    "The body is larger than the " + limit
                            + " bytes that are accepted: send less, or raise herald.publish.max-body.");
        }

        private void complete() {
            if (done) {
                return;
            }
            T item;
            try {
                item = parser.end();
            } catch (Throwable e) {
                // Even an OutOfMemoryError fails only this request.
                if (finish()) {
                    emitter.fail(e);
                }
                return;
            }
            if (end()) {
                release();
                emitter.complete(item);
            }
        }

        /** The request may live as long as a stream, and must not keep the result for that time. */
        private void release() {
            request.handler(null);
            request.endHandler(null);
            request.exceptionHandler(IGNORE);
        }

        private void fail(ProblemType type, String detail) {
            if (finish()) {
                emitter.fail(new RequestRejectedException(type, detail));
            }
        }

        private boolean finish() {
            boolean first = end();
            if (first) {
                parser.close();
            }
            return first;
        }

        private boolean end() {
            if (done) {
                return false;
            }
            done = true;
            if (timer >= 0) {
                readings.remove(this);
                vertx.cancelTimer(timer);
            }
            endMeter();
            return true;
        }

        /** The result must be emitted even if the heap is full. */
        private void endMeter() {
            try {
                meter.end();
            } catch (Throwable e) {
                LOG.error("An answer lacks what its body has cost.", e);
            }
        }
    }
}
