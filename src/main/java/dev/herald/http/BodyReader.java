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
 * Reader of request bodies up to the configured size, which never blocks. A body that is too large is rejected as soon as
 * that is known. All bodies that arrive, and all that are parsed, share the budgets of the node; a body must arrive within
 * a deadline, so that a sender of half a body occupies little for long.
 *
 * <p>What is left of a body after its answer, whoever gave it, is thrown away for a moment, so that the client can read
 * the answer and use the connection again; then it is cut off: nobody can send for ever.
 */
@ApplicationScoped
public class BodyReader {
    /** What a byte that arrives occupies, at most: the buffer grows by doubling, and is copied once at the end. */
    private static final long BYTES_WHILE_ARRIVING = 2;

    /** What a byte occupies while the body is parsed, at most: plain text becomes JSON, six characters for one. */
    private static final long BYTES_WHILE_PARSED = 12;

    /** A body must have arrived after this time. */
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
     * What {@code parse} makes of the body, on the request's event loop, from which it must be subscribed to, once. Fails
     * with {@link RefusedException} if the body is too large, too slow or not whole, or if the node has no memory left for
     * it, and as {@code parse} does.
     */
    public <T> Uni<T> read(HttpServerRequest request, Function<byte[], T> parse) {
        return Uni.createFrom().emitter(emitter -> new Reading<T>(request, parse, emitter).start());
    }

    private void discardRestAfterAnswer(RoutingContext context) {
        HttpServerRequest request = context.request();
        context.addEndHandler(answered -> {
            // Not when the client has gone: whoever reads the body must hear of that.
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

    /** Over HTTP/2 the stream only: the connection carries others (RFC 9113 §8.1). */
    private static void cut(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(NO_ERROR);
        } else {
            request.connection().close();
        }
    }

    /** One body on its way. Belongs to the request's event loop. */
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
                // While its token was verified: nobody reports that again. First comes what had arrived, perhaps all of
                // it.
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
                    ProblemType.OVERLOADED,
                    "The hub has no memory left for this body at the moment: send it again later.");
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
                // An error of memory, too, is this request's alone.
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
