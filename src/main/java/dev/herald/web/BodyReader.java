package dev.herald.web;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

import dev.herald.hub.PublishConfig;

/**
 * Reads request bodies up to the configured size, without blocking and without a second copy in a stream. What is too
 * large is refused as soon as that is known; the rest of it is thrown away for a moment, so that the client can read the
 * answer, and then the client is cut off: nobody can send for ever.
 */
@ApplicationScoped
class BodyReader {
    private static final long LINGER_MILLIS = 2_000;
    private static final long NO_ERROR = 0;

    private final Vertx vertx;
    private final MemorySize limit;

    BodyReader(Vertx vertx, PublishConfig config) {
        this.vertx = vertx;
        this.limit = config.maxBody();
    }

    /**
     * The body, on the request's event loop, from which it must be subscribed to, once. Fails with
     * {@link RefusedException} if it is too large, or the client ends in the middle of it.
     */
    Uni<byte[]> read(HttpServerRequest request) {
        return Uni.createFrom().emitter(emitter -> read(request, emitter));
    }

    private void read(HttpServerRequest request, UniEmitter<? super byte[]> emitter) {
        long announced = announcedLength(request);
        if (announced > limit.asLongValue()) {
            refuse(request, emitter);
            return;
        }
        Buffer body = Buffer.buffer((int) Math.max(0, announced));
        request.handler(chunk -> {
            if (body.length() + (long) chunk.length() > limit.asLongValue()) {
                refuse(request, emitter);
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(ended -> emitter.complete(body.getBytes()));
        request.exceptionHandler(failure -> emitter.fail(new RefusedException(
                ProblemType.INCOMPLETE_BODY, "The body ended before all of it had arrived: send it again.")));
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        request.resume();
    }

    private void refuse(HttpServerRequest request, UniEmitter<? super byte[]> emitter) {
        request.handler(rest -> {});
        request.endHandler(null);
        request.exceptionHandler(failure -> {});
        long timer = vertx.setTimer(LINGER_MILLIS, late -> cut(request));
        request.endHandler(ended -> vertx.cancelTimer(timer));
        request.resume();
        emitter.fail(new RefusedException(
                ProblemType.BODY_TOO_LARGE,
                "The body is larger than the " + limit.asLongValue()
                        + " bytes that are accepted: send less, or raise herald.publish.max-body."));
    }

    /** Over HTTP/2 the stream only: the connection carries others (RFC 9113 §8.1). */
    private static void cut(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            request.response().reset(NO_ERROR);
        } else {
            request.connection().close();
        }
    }

    private static long announcedLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? -1 : Long.parseLong(length);
    }
}
