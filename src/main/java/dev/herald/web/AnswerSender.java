package dev.herald.web;

import jakarta.enterprise.context.ApplicationScoped;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

import dev.herald.hub.SseConfig;

/**
 * Sender of answers that may be large. The memory of an answer stays reserved until the client has received all of it.
 * A client that receives nothing for the write timeout is cut off. Called on the request's event loop.
 */
@ApplicationScoped
public class AnswerSender {
    private static final byte[] NOTHING = {};

    private final Vertx vertx;
    private final SseConfig config;

    AnswerSender(Vertx vertx, SseConfig config) {
        this.vertx = vertx;
        this.config = config;
    }

    /**
     * Answer with this body.
     *
     * @param body must not be modified
     */
    public DirectAnswer answer(byte[] body, AnswerMemory memory) {
        return context -> send(context.request(), body, memory);
    }

    /**
     * Writes the body of an answer, and ends it.
     *
     * @param body must not be modified
     */
    public void send(HttpServerRequest request, byte[] body, AnswerMemory memory) {
        memory.keepUntilSent();
        try {
            request.response().putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length));
            PartWriter parts = parts(request);
            parts.end(request.method().equals(HttpMethod.HEAD) ? NOTHING : body, memory::sent);
            parts.watch();
        } catch (RuntimeException | Error e) {
            memory.sent();
            throw e;
        }
    }

    /**
     * Writer of an answer of unknown length. HTTP/1.0 has no chunks, so there the end of the connection is that of the
     * answer. Call it before the head is written.
     */
    public PartWriter parts(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (request.version() == HttpVersion.HTTP_1_0) {
            request.response().putHeader(HttpHeaders.CONNECTION, "close");
            context.addEndHandler(ended -> request.connection().close());
        } else {
            request.response().setChunked(true);
        }
        return parts(request);
    }

    private PartWriter parts(HttpServerRequest request) {
        return new PartWriter(vertx, config.writeTimeout(), request);
    }
}
