package dev.herald.connection;

import java.util.stream.StreamSupport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * Listener of HTTP/2 frames before Vert.x. It escapes characters that browsers leave unescaped in a path. It rejects
 * requests without a host, those that Vert.x does not reject properly, and those that exceed the memory budget. It
 * charges the client for frames that cost it nothing. Belongs to the connection's event loop.
 */
final class Http2Requests extends Http2FrameListenerDecorator {
    private final Http2ConnectionHandler handler;
    private final FrameThrottle throttle;
    private final OpenRequests requests;

    private Http2Requests(
            Http2ConnectionHandler handler,
            FrameThrottle throttle,
            OpenRequests requests,
            Http2FrameListener listener) {
        super(listener);
        this.handler = handler;
        this.throttle = throttle;
        this.requests = requests;
    }

    /** Installs the listener for all further frames. */
    static void check(
            Channel channel,
            Http2ConnectionHandler handler,
            LoopState state,
            WaitingConnections.Connection connection) {
        FrameThrottle throttle = new FrameThrottle(state.frames());
        OpenRequests requests = OpenRequests.of(channel, state.requests());
        String vertx = channel.pipeline().context(handler).name();
        channel.pipeline().addBefore(vertx, null, throttle).addBefore(vertx, null, new FailedWrites());
        handler.decoder()
                .frameListener(new Http2Requests(
                        handler, throttle, requests, handler.decoder().frameListener()));
        handler.connection().addListener(new Streams(handler, throttle, requests, state.waiting(), connection));
        if (handler.connection().numActiveStreams() > 0) {
            state.waiting().remove(connection);
        }
        channel.closeFuture().addListener(closed -> state.waiting().remove(connection));
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean endOfStream)
            throws Http2Exception {
        if (accepts(ctx, streamId, headers)) {
            super.onHeadersRead(ctx, streamId, headers, padding, endOfStream);
            flushReset(ctx, streamId);
        }
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int streamId,
            Http2Headers headers,
            int streamDependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean endOfStream)
            throws Http2Exception {
        if (accepts(ctx, streamId, headers)) {
            super.onHeadersRead(ctx, streamId, headers, streamDependency, weight, exclusive, padding, endOfStream);
            flushReset(ctx, streamId);
        }
    }

    /**
     * Flushes the reset of a malformed request. Vert.x does not know the stream: if it is still open at a connection
     * error, Vert.x fails, and Netty logs the stack.
     */
    private void flushReset(ChannelHandlerContext ctx, int streamId) {
        Http2Stream stream = handler.connection().stream(streamId);
        if (stream != null && stream.isResetSent()) {
            ctx.flush();
        }
    }

    private boolean accepts(ChannelHandlerContext ctx, int streamId, Http2Headers headers) {
        if (headers.path() == null) {
            // Trailers, or a request that Vert.x rejects as malformed.
            return true;
        }
        if (!isValid(headers)) {
            reject(ctx, streamId, HttpResponseStatus.BAD_REQUEST);
            return false;
        }
        if (!requests.open(streamId, headers)) {
            rejectForNow(ctx, streamId, headers.method());
            return false;
        }
        headers.path(RequestTarget.escaped(headers.path().toString()));
        return true;
    }

    private static boolean isValid(Http2Headers headers) {
        CharSequence host = headers.authority() != null ? headers.authority() : headers.get(HttpHeaderNames.HOST);
        return host != null
                && RequestFraming.isHost(host.toString())
                // An invalid method makes Vert.x close the connection with all its streams.
                && (headers.method() == null || HeadSyntax.isToken(headers.method()))
                && StreamSupport.stream(headers.spliterator(), false).allMatch(field -> isText(field.getValue()));
    }

    /** Whether a field value is valid (RFC 9113 §8.2.1). */
    private static boolean isText(CharSequence value) {
        return value.chars().noneMatch(c -> c == 0 || c == '\r' || c == '\n');
    }

    /** Refuses the stream, which a browser retries (RFC 9113 §8.7); after a 503 it would not reconnect. */
    private void rejectForNow(ChannelHandlerContext ctx, int streamId, CharSequence method) {
        if (HttpMethod.GET.asciiName().contentEquals(method)) {
            reset(ctx, streamId, Http2Error.REFUSED_STREAM);
        } else {
            reject(ctx, streamId, HttpResponseStatus.SERVICE_UNAVAILABLE);
        }
    }

    private void reject(ChannelHandlerContext ctx, int streamId, HttpResponseStatus status) {
        Http2Headers answer =
                new DefaultHttp2Headers().status(status.codeAsText()).set("x-content-type-options", "nosniff");
        if (status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE)) {
            answer.set(HttpHeaderNames.RETRY_AFTER, "1");
        }
        handler.encoder().writeHeaders(ctx, streamId, answer, 0, true, ctx.newPromise());
        reset(ctx, streamId, Http2Error.NO_ERROR);
    }

    /** Closes a stream at once. Vert.x does not know it, and fails if it is still open after a failed write. */
    private void reset(ChannelHandlerContext ctx, int streamId, Http2Error error) {
        handler.encoder().frameWriter().writeRstStream(ctx, streamId, error.code(), ctx.newPromise());
        Http2Stream stream = handler.connection().stream(streamId);
        if (stream != null) {
            stream.resetSent();
            stream.close();
        }
        // The client gets the response even if its next frame is an error.
        ctx.flush();
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) throws Http2Exception {
        throttle.charge();
        super.onRstStreamRead(ctx, streamId, errorCode);
    }

    @Override
    public void onPingRead(ChannelHandlerContext ctx, long data) throws Http2Exception {
        throttle.charge();
        super.onPingRead(ctx, data);
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
        throttle.charge();
        super.onSettingsRead(ctx, settings);
        // At the first settings frame, Vert.x replaces this listener.
        Http2FrameListener current = handler.decoder().frameListener();
        if (current != this) {
            handler.decoder().frameListener(new Http2Requests(handler, throttle, requests, current));
        }
    }

    @Override
    public void onPriorityRead(
            ChannelHandlerContext ctx, int streamId, int streamDependency, short weight, boolean exclusive)
            throws Http2Exception {
        throttle.charge();
        super.onPriorityRead(ctx, streamId, streamDependency, weight, exclusive);
    }

    /** Listener for the end of streams, and for a connection without any. */
    private record Streams(
            Http2ConnectionHandler handler,
            FrameThrottle throttle,
            OpenRequests requests,
            WaitingConnections waiting,
            WaitingConnections.Connection connection)
            implements Http2Connection.Listener {
        @Override
        public void onStreamActive(Http2Stream stream) {
            waiting.remove(connection);
        }

        @Override
        public void onStreamClosed(Http2Stream stream) {
            requests.close(stream.id());
            // A stream that the hub resets because of the client costs as much as one that the client resets.
            if (stream.isResetSent()) {
                throttle.charge();
            }
            if (handler.connection().numActiveStreams() == 0) {
                waiting.awaitRequest(connection);
            }
        }

        @Override
        public void onStreamAdded(Http2Stream stream) {
            // Not active yet.
        }

        @Override
        public void onStreamHalfClosed(Http2Stream stream) {
            // In progress.
        }

        @Override
        public void onStreamRemoved(Http2Stream stream) {
            // Already closed.
        }

        @Override
        public void onGoAwaySent(int lastStreamId, long errorCode, ByteBuf debugData) {
            // Streams go on.
        }

        @Override
        public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
            // Streams go on.
        }
    }
}
