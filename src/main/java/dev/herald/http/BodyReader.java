package dev.herald.http;

import java.util.function.Function;

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

import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.memory.Reservation;

/**
 * Non-blocking reader of request bodies up to the configured size. A body that is too large is rejected as soon as that
 * is known. All arriving bodies share one memory budget of the node, all parsed ones another. A body must arrive within
 * a deadline, which bounds the memory that slow senders occupy.
 *
 * <p>After the response, the rest of the body is discarded for a short time, so that the client can read the response
 * and reuse the connection. Then the request is cut off.
 */
@ApplicationScoped
public class BodyReader {
    /**
     * Upper bound of heap bytes for each byte that arrives: the buffer doubles as it grows, and is copied at the end.
     */
    private static final long BYTES_WHILE_ARRIVING = 2;

    /** Upper bound of heap bytes for each byte being parsed: plain text becomes JSON, up to six characters for one. */
    private static final long BYTES_WHILE_PARSED = 12;

    /** Deadline for a complete body. */
    private static final long DEADLINE_MILLIS = 30_000;

    private static final long LINGER_MILLIS = 2_000;
    private static final long NO_ERROR = 0;
    private static final int BEFORE_ALL_OTHERS = 10_000;

    private final Vertx vertx;
    private final long limit;
    private final MemoryBudget arriving;
    private final MemoryBudget parsed;

    BodyReader(Vertx vertx, PublishConfig config, HeapShares heap) {
        this.vertx = vertx;
        this.limit = config.maxBody().asLongValue();
        this.arriving = heap.bodies();
        this.parsed = heap.updates();
    }

    void register(@Observes Filters filters) {
        filters.register(this::discardRestAfterAnswer, BEFORE_ALL_OTHERS);
    }

    /**
     * Reads the body and returns the result of {@code parse}. Subscribe once, on the request's event loop; the result
     * is emitted there. Fails with {@link RefusedException} if the body is too large, too slow or incomplete, or if the
     * node's memory budget is exhausted. A failure of {@code parse} is passed on.
     */
    public <T> Uni<T> read(HttpServerRequest request, Function<byte[], T> parse) {
        return Uni.createFrom().emitter(emitter -> new Reading<T>(request, parse, emitter).start());
    }

    private void discardRestAfterAnswer(RoutingContext context) {
        HttpServerRequest request = context.request();
        context.addEndHandler(answered -> {
            // Not after a disconnect: it must reach the reader of the body.
            if (answered.succeeded() && !request.isEnded()) {
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
        private static final int FIRST_BYTES = 1_024;

        private final HttpServerRequest request;
        private final Function<byte[], T> parse;
        private final UniEmitter<? super T> emitter;
        private final Reservation reservation = new Reservation(arriving);
        private Buffer body = Buffer.buffer(FIRST_BYTES);
        private boolean done;
        private long timer = -1;

        Reading(HttpServerRequest request, Function<byte[], T> parse, UniEmitter<? super T> emitter) {
            this.request = request;
            this.parse = parse;
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
                timer = vertx.setTimer(
                        DEADLINE_MILLIS,
                        late -> fail(
                                ProblemType.INCOMPLETE_BODY,
                                "The body did not arrive within " + DEADLINE_MILLIS + " ms: send it faster."));
            }
        }

        private void failIncomplete() {
            fail(ProblemType.INCOMPLETE_BODY, "The body ended before all of it had arrived: send it again.");
        }

        private void take(Buffer chunk) {
            if (done) {
                return;
            }
            if (body.length() + (long) chunk.length() > limit) {
                refuseSize();
                return;
            }
            if (!reservation.grow(BYTES_WHILE_ARRIVING * chunk.length())) {
                if (finish()) {
                    emitter.fail(refusedForNow());
                }
                return;
            }
            body.appendBuffer(chunk);
        }

        private RefusedException refusedForNow() {
            return new RefusedException(
                    ProblemType.OVERLOADED, "The hub has too little memory for this body at the moment. Retry later.");
        }

        private void refuseSize() {
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
                item = parsedBody();
            } catch (Throwable e) {
                // Even an OutOfMemoryError fails only this request.
                if (finish()) {
                    emitter.fail(e);
                }
                return;
            }
            if (finish()) {
                emitter.complete(item);
            }
        }

        private T parsedBody() {
            long needed = BYTES_WHILE_PARSED * body.length();
            if (!parsed.tryReserve(needed)) {
                throw refusedForNow();
            }
            try {
                return parse.apply(body.getBytes());
            } finally {
                parsed.release(needed);
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
            reservation.close();
            body = null;
            if (timer >= 0) {
                vertx.cancelTimer(timer);
            }
            return true;
        }
    }
}
