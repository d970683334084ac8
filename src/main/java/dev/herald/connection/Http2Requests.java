package dev.herald.connection;

import java.util.Optional;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;

/**
 * Listener of HTTP/2 frames before Vert.x. It escapes characters that browsers leave unescaped in a path. It rejects
 * requests without a host or with two, those that Vert.x does not reject properly, and those that exceed the memory
 * budget. It charges the client for frames that cost it nothing. Belongs to the connection's event loop.
 */
final class Http2Requests extends Http2FrameListenerDecorator {
    /**
     * Largest table of header fields sent, in bytes (HPACK; RFC 7541 §4.2), which is the default. A client may offer 4
     * GB, and each answer adds its own fields.
     */
    private static final long MAX_HEADER_TABLE_BYTES = 4_096;

    private final Http2ConnectionHandler handler;
    private final FrameThrottle throttle;
    private final OpenRequests requests;
    private final RejectedRequests rejected;

    private Http2Requests(
            Http2ConnectionHandler handler,
            FrameThrottle throttle,
            OpenRequests requests,
            RejectedRequests rejected,
            Http2FrameListener listener) {
        super(listener);
        this.handler = handler;
        this.throttle = throttle;
        this.requests = requests;
        this.rejected = rejected;
    }

    /** Installs the listener for all further frames. */
    static void install(
            Channel channel,
            Http2ConnectionHandler handler,
            LoopState state,
            WaitingConnections.Connection connection) {
        boundHeaderTable(handler);
        FrameThrottle throttle = new FrameThrottle(state.frames());
        OpenRequests requests = OpenRequests.of(channel, state.requests());
        String vertx = channel.pipeline().context(handler).name();
        channel.pipeline().addBefore(vertx, null, throttle).addBefore(vertx, null, new FailedWrites());
        handler.decoder()
                .frameListener(new Http2Requests(
                        handler,
                        throttle,
                        requests,
                        state.rejected(),
                        handler.decoder().frameListener()));
        handler.connection().addListener(new Streams(handler, throttle, requests, state.waiting(), connection));
        if (handler.connection().numActiveStreams() > 0) {
            state.waiting().remove(connection);
        }
        channel.closeFuture().addListener(closed -> state.waiting().remove(connection));
    }

    /** Netty has taken over the settings of the client. */
    private static void boundHeaderTable(Http2ConnectionHandler handler) {
        Http2HeadersEncoder.Configuration sent =
                handler.encoder().configuration().headersConfiguration();
        try {
            if (sent.maxHeaderTableSize() > MAX_HEADER_TABLE_BYTES) {
                sent.maxHeaderTableSize(MAX_HEADER_TABLE_BYTES);
            }
        } catch (Http2Exception e) {
            throw new IllegalStateException("The default size is always valid.", e);
        }
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

    private boolean accepts(ChannelHandlerContext ctx, int streamId, Http2Headers headers) throws Http2Exception {
        if (headers.method() == null && headers.path() == null) {
            // Trailers.
            return true;
        }
        if (HttpMethod.CONNECT.asciiName().contentEquals(headers.method())) {
            reject(ctx, streamId, headers, HttpResponseStatus.NOT_IMPLEMENTED, RequestFraming.CONNECT_UNSUPPORTED);
            return false;
        }
        Optional<InvalidRequestException> excess = Http2Head.excess(headers);
        if (excess.isPresent()) {
            reject(
                    ctx,
                    streamId,
                    headers,
                    HttpResponseStatus.valueOf(excess.get().status()),
                    excess.get().getMessage());
            return false;
        }
        Optional<String> fault = Http2Head.fault(headers);
        if (fault.isPresent()) {
            reject(ctx, streamId, headers, HttpResponseStatus.BAD_REQUEST, fault.get());
            return false;
        }
        if (!requests.open(streamId, headers)) {
            rejectTemporarily(ctx, streamId, headers);
            return false;
        }
        headers.path(RequestTarget.escaped(headers.path().toString()));
        return true;
    }

    /** Refuses the stream, which a browser retries (RFC 9113 §8.7); after a 503 it would not reconnect. */
    private void rejectTemporarily(ChannelHandlerContext ctx, int streamId, Http2Headers headers)
            throws Http2Exception {
        if (HttpMethod.GET.asciiName().contentEquals(headers.method())) {
            rejected.record(headers.method(), HttpResponseStatus.SERVICE_UNAVAILABLE.code());
            reset(ctx, streamId, Http2Error.REFUSED_STREAM);
        } else {
            reject(
                    ctx,
                    streamId,
                    headers,
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "The hub has too little memory for this request at the moment. Retry later.");
        }
    }

    private void reject(
            ChannelHandlerContext ctx, int streamId, Http2Headers headers, HttpResponseStatus status, String detail)
            throws Http2Exception {
        // A malformed request may have no method.
        rejected.record(headers.method() == null ? HttpMethod.GET.asciiName() : headers.method(), status.code());
        Http2Headers answer = new DefaultHttp2Headers().status(status.codeAsText());
        rejected.describe(
                headers.get(HttpHeaderNames.ORIGIN),
                (name, value) -> answer.set(AsciiString.of(name).toLowerCase(), value));
        if (status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE)) {
            answer.set(HttpHeaderNames.RETRY_AFTER, "1");
        }
        byte[] document = rejected.document(status.code(), detail);
        boolean headOnly = HttpMethod.HEAD.asciiName().contentEquals(headers.method())
                || document.length > window(handler.connection().stream(streamId));
        handler.encoder().writeHeaders(ctx, streamId, answer, 0, headOnly, ctx.newPromise());
        if (!headOnly) {
            handler.encoder().writeData(ctx, streamId, Unpooled.wrappedBuffer(document), 0, true, ctx.newPromise());
            handler.encoder().flowController().writePendingBytes();
        }
        reset(ctx, streamId, Http2Error.NO_ERROR);
    }

    /** Bytes that may be sent at once; a document that waited for the client would occupy memory. */
    private int window(Http2Stream stream) {
        Http2RemoteFlowController sent = handler.encoder().flowController();
        return Math.min(
                sent.windowSize(stream), sent.windowSize(handler.connection().connectionStream()));
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
        boundHeaderTable(handler);
        super.onSettingsRead(ctx, settings);
        // At the first settings frame, Vert.x replaces this listener.
        Http2FrameListener current = handler.decoder().frameListener();
        if (current != this) {
            handler.decoder().frameListener(new Http2Requests(handler, throttle, requests, rejected, current));
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
            // Open streams continue.
        }

        @Override
        public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
            // Open streams continue.
        }
    }
}
