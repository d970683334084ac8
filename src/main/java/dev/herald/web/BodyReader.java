package dev.herald.web;

import java.util.concurrent.atomic.AtomicLong;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

import dev.herald.hub.PublishConfig;

/**
 * Reads request bodies up to the configured size, without blocking and without a second copy in a stream. What is too
 * large is refused as soon as that is known. The bytes of all bodies that are being read share one budget, and none may
 * take its time, so that senders of halves cost little.
 *
 * <p>What is left of a body after its answer, whoever gave it, is thrown away for a moment, so that the client can read
 * the answer and use the connection again; then it is cut off: nobody can send for ever.
 */
@ApplicationScoped
class BodyReader {
    /** Bodies being read may take one part in so many of the heap. */
    private static final long HEAP_SHARE = 8;

    /** A body must have arrived after this time. */
    private static final long DEADLINE_MILLIS = 30_000;

    private static final long LINGER_MILLIS = 2_000;
    private static final long NO_ERROR = 0;
    private static final int BEFORE_ALL_OTHERS = 10_000;

    private final Vertx vertx;
    private final long limit;
    private final long budget = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    private final AtomicLong inFlight = new AtomicLong();

    BodyReader(Vertx vertx, PublishConfig config) {
        this.vertx = vertx;
        this.limit = config.maxBody().asLongValue();
    }

    void register(@Observes Filters filters) {
        filters.register(this::discardRestAfterAnswer, BEFORE_ALL_OTHERS);
    }

    /**
     * The body, on the request's event loop, from which it must be subscribed to, once. Fails with
     * {@link RefusedException} if it is too large, too slow or not whole, or if too many are being read.
     */
    Uni<byte[]> read(HttpServerRequest request) {
        return Uni.createFrom().emitter(emitter -> new Reading(request, emitter).start());
    }

    private void discardRestAfterAnswer(RoutingContext context) {
        HttpServerRequest request = context.request();
        context.addEndHandler(answered -> {
            if (!request.isEnded()) {
                discard(request);
            }
        });
        context.next();
    }

    private void discard(HttpServerRequest request) {
        request.handler(rest -> {});
        request.exceptionHandler(failure -> {});
        long timer = vertx.setTimer(LINGER_MILLIS, late -> cut(request));
        request.endHandler(ended -> vertx.cancelTimer(timer));
        request.resume();
    }

    /** Over HTTP/2 the stream only: the connection carries others (RFC 9113 §8.1). */
    private static void cut(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(NO_ERROR);
        } else {
            request.connection().close();
        }
    }

    /** One body on its way. Belongs to the request's event loop. */
    private final class Reading {
        private static final int FIRST_BYTES = 1_024;

        private final HttpServerRequest request;
        private final UniEmitter<? super byte[]> emitter;
        private final Buffer body = Buffer.buffer(FIRST_BYTES);
        private boolean done;
        private long timer = -1;

        Reading(HttpServerRequest request, UniEmitter<? super byte[]> emitter) {
            this.request = request;
            this.emitter = emitter;
        }

        void start() {
            String announced = request.getHeader(HttpHeaders.CONTENT_LENGTH);
            if (announced != null && Long.parseLong(announced) > limit) {
                refuseSize();
                return;
            }
            request.handler(this::take);
            request.endHandler(ended -> complete());
            request.exceptionHandler(failure ->
                    fail(ProblemType.INCOMPLETE_BODY, "The body ended before all of it had arrived: send it again."));
            if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
                request.response().writeContinue();
            }
            request.resume();
            if (!done) {
                timer = vertx.setTimer(
                        DEADLINE_MILLIS,
                        late -> fail(
                                ProblemType.INCOMPLETE_BODY,
                                "The body did not arrive within " + DEADLINE_MILLIS + " ms: send it faster."));
            }
        }

        private void take(Buffer chunk) {
            if (done) {
                return;
            }
            if (body.length() + (long) chunk.length() > limit) {
                refuseSize();
                return;
            }
            body.appendBuffer(chunk);
            if (inFlight.addAndGet(chunk.length()) > budget) {
                fail(ProblemType.OVERLOADED, "Too many bodies are arriving at once: send it again a little later.");
            }
        }

        private void refuseSize() {
            fail(
                    ProblemType.BODY_TOO_LARGE,
                    "The body is larger than the " + limit
                            + " bytes that are accepted: send less, or raise herald.publish.max-body.");
        }

        private void complete() {
            if (finish()) {
                byte[] bytes;
                try {
                    bytes = body.getBytes();
                } catch (OutOfMemoryError e) {
                    emitter.fail(e);
                    return;
                }
                emitter.complete(bytes);
            }
        }

        private void fail(ProblemType type, String detail) {
            if (finish()) {
                emitter.fail(new RefusedException(type, detail));
            }
        }

        private boolean finish() {
            if (done) {
                return false;
            }
            done = true;
            inFlight.addAndGet(-body.length());
            if (timer >= 0) {
                vertx.cancelTimer(timer);
            }
            return true;
        }
    }
}
