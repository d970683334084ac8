package dev.herald.connection;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.Http1xServerConnection;
import io.vertx.core.net.impl.VertxHandler;

/**
 * Handler that tracks the requests and responses of an HTTP/1 connection, to detect when it is idle. Its place is
 * between the HTTP codec and Vert.x. Belongs to the connection's event loop.
 */
public final class Http1Activity extends ChannelDuplexHandler {
    private final LoopState state;
    private final WaitingConnections.Connection connection;
    private Runnable onAnswer = () -> {};
    private boolean started;

    /** Requests begun and not answered yet. */
    private int unanswered;

    private boolean bodyArriving;

    /** Header {@code Origin} of a request while its body arrives; null without one. */
    private String origin;

    /** Whether the head of the current response was written. */
    private boolean answering;

    private boolean idle;
    private boolean removed;

    Http1Activity(LoopState state, WaitingConnections.Connection connection) {
        this.state = state;
        this.connection = connection;
    }

    /** Reports bytes of HTTP; between two requests they begin a head. */
    void bytesArrived() {
        if (idle && !removed) {
            idle = false;
            state.waiting().awaitHead(connection);
        }
    }

    /** Whether all requests begun are answered. */
    boolean isAnswered() {
        return unanswered == 0;
    }

    /** Sets an action to run whenever a response is complete. */
    void onAnswer(Runnable action) {
        onAnswer = action;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
        if (msg instanceof HttpRequest request) {
            started = true;
            if (request.decoderResult().isFailure()) {
                answerInvalidHead(ctx.pipeline());
            }
            state.waiting().remove(connection);
            unanswered++;
            bodyArriving = true;
            origin = request.headers().get(HttpHeaderNames.ORIGIN);
        }
        if (msg instanceof LastHttpContent last) {
            bodyArriving = false;
            if (last.decoderResult().isFailure() && !(msg instanceof HttpRequest)) {
                answerInvalidBody(ctx, last.decoderResult().cause());
            }
            origin = null;
        }
        super.channelRead(ctx, msg);
        checkIdle();
    }

    /**
     * Registers {@link #reject} with Vert.x, only when a request is invalid: Vert.x keeps the handler as long as the
     * connection, and with it this object and all handlers that a stream has removed from the pipeline.
     */
    private void answerInvalidHead(ChannelPipeline pipeline) {
        if (pipeline.get(VertxHandler.class) instanceof VertxHandler<?> handler
                && handler.getConnection() instanceof Http1xServerConnection vertx) {
            vertx.invalidRequestHandler(this::reject);
        }
    }

    /** Answers an invalid request; Vert.x then closes the connection. */
    private void reject(HttpServerRequest request) {
        request.response().putHeader(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof InvalidRequestException invalid) {
            state.rejected().answer(request, invalid.status(), invalid.getMessage());
        } else if (cause instanceof TooLongHttpLineException) {
            state.rejected()
                    .answer(
                            request,
                            414,
                            "The URL is too long: name fewer topics, or a selector that matches them, such as *.");
        } else if (cause instanceof TooLongHttpHeaderException) {
            state.rejected().answer(request, 431, "The request head is too large: send fewer or shorter headers.");
        } else {
            state.rejected().answer(request, 400, "The request head is not valid HTTP (RFC 9112).");
        }
    }

    /** Answers a request with an invalid body, for which Vert.x would close the connection without a response. */
    private void answerInvalidBody(ChannelHandlerContext ctx, Throwable cause) {
        if (unanswered == 1 && !answering) {
            HttpResponseStatus status = HttpResponseStatus.BAD_REQUEST;
            String detail = cause instanceof InvalidRequestException invalid
                    ? invalid.getMessage()
                    : "The body is not valid HTTP (RFC 9112 §7.1).";
            // Only requests that publish have a body.
            state.rejected().record(HttpMethod.POST.name(), status.code());
            byte[] document = state.rejected().document(status.code(), detail);
            FullHttpResponse answer =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(document));
            state.rejected().describe(origin, answer.headers()::set);
            answer.headers()
                    .set(HttpHeaderNames.CONTENT_LENGTH, document.length)
                    .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            ctx.writeAndFlush(answer, ctx.voidPromise());
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) throws Exception {
        if (!isInterim(msg)) {
            answering |= msg instanceof HttpResponse;
            if (msg instanceof LastHttpContent) {
                answering = false;
                unanswered--;
            }
        }
        super.write(ctx, msg, promise);
        checkIdle();
        if (msg instanceof LastHttpContent) {
            onAnswer.run();
        }
    }

    private static boolean isInterim(Object msg) {
        return msg instanceof HttpResponse response && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    }

    private void checkIdle() {
        if (started && unanswered == 0 && !bodyArriving && !idle) {
            idle = true;
            state.waiting().awaitRequest(connection);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        state.waiting().remove(connection);
        super.channelInactive(ctx);
    }

    /** Called when a stream takes over the connection, or the client upgrades to HTTP/2 (RFC 7540 §3.2). */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        removed = true;
        state.waiting().remove(connection);
        Http2ConnectionHandler http2 = ctx.pipeline().get(Http2ConnectionHandler.class);
        if (http2 != null) {
            // Deferred: Vert.x is still removing handlers.
            ctx.executor().execute(() -> {
                if (ctx.channel().isActive()) {
                    Http2Requests.install(ctx.channel(), http2, state, connection);
                }
            });
        }
    }
}
