package dev.herald.connection;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.headers.HeadersMultiMap;

/**
 * Netty's decoder of HTTP/1 requests behind strict checks of syntax and framing. The first invalid request is the last
 * one read from the connection. It is passed on as invalid, so that it is answered in order; further input is
 * discarded.
 *
 * <p>A head is decoded once the previous request is answered and the socket is writable, one head of a connection in
 * each iteration of the loop. A client may pipeline many requests (RFC 9112 §9.3.2): Vert.x would keep objects of all
 * requests and responses, and the loop would serve no other connection meanwhile. Here pipelined requests wait as
 * bytes, and beyond {@link #MAX_WAITING_BYTES} in the socket.
 */
final class RequestDecoder extends HttpRequestDecoder {
    /** At most the bytes of one read. */
    private static final int MAX_WAITING_BYTES = 1 << 16;

    private enum Part {
        HEAD,
        BODY,
        CHUNKED_BODY,
        NOTHING
    }

    private final Http1Activity activity;
    private final boolean blankBefore;
    private Part part = Part.HEAD;
    private HeadSyntax head = HeadSyntax.request();
    private ChunkedSyntax chunks = new ChunkedSyntax();

    /** Bytes after the reader index that were checked and not decoded yet. */
    private int checked;

    private int contentLengths;

    /** Whether a head was decoded in the current read. */
    private boolean headDecoded;

    /** Whether a head waits to be decoded. */
    private boolean headPending;

    /** Whether a task that decodes it is scheduled. */
    private boolean scheduled;

    /** Whether reading from the socket was stopped. */
    private boolean stopped;

    /** @param blankBefore whether Vert.x has skipped a blank before the first byte that reaches this decoder */
    RequestDecoder(HttpServerOptions options, Http1Activity activity, boolean blankBefore) {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(options.getMaxInitialLineLength())
                .setMaxHeaderSize(options.getMaxHeaderSize())
                .setMaxChunkSize(options.getMaxChunkSize())
                .setInitialBufferSize(options.getDecoderInitialBufferSize()));
        this.activity = activity;
        this.blankBefore = blankBefore;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
        activity.bytesArrived();
        headDecoded = false;
        super.channelRead(ctx, msg);
        decodeNext(ctx);
        stopReading(ctx, headPending && actualReadableBytes() > MAX_WAITING_BYTES);
    }

    private void stopReading(ChannelHandlerContext ctx, boolean stop) {
        if (stop != stopped) {
            stopped = stop;
            ctx.channel().config().setAutoRead(!stop);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        if (stopped) {
            // Netty would continue to read, since nothing was decoded.
            ctx.fireChannelReadComplete();
        } else {
            super.channelReadComplete(ctx);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        super.channelWritabilityChanged(ctx);
        decodeNext(ctx);
    }

    /**
     * Schedules decoding of the waiting head, if it may be decoded; in a separate task, for fairness among connections.
     */
    private void decodeNext(ChannelHandlerContext ctx) {
        if (headPending && !scheduled && isTurn(ctx)) {
            scheduled = true;
            ctx.executor().execute(() -> resume(ctx));
        }
    }

    private void resume(ChannelHandlerContext ctx) {
        scheduled = false;
        if (ctx.isRemoved() || !ctx.channel().isActive()) {
            return;
        }
        try {
            channelRead(ctx, Unpooled.EMPTY_BUFFER);
            channelReadComplete(ctx);
        } catch (Exception e) {
            ctx.fireExceptionCaught(e);
        }
    }

    private boolean isTurn(ChannelHandlerContext ctx) {
        return activity.isAnswered()
                && ctx.channel().isWritable()
                && ctx.channel().isActive();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        activity.onAnswer(() -> decodeNext(ctx));
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
        stopReading(ctx, false);
        super.handlerRemoved0(ctx);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (part == Part.NOTHING) {
            in.skipBytes(in.readableBytes());
            return;
        }
        headPending = part == Part.HEAD && (headDecoded || !isTurn(ctx));
        if (headPending) {
            return;
        }
        int first = out.size();
        try {
            check(in);
        } catch (InvalidRequestException e) {
            out.add(invalid(e));
            stop(in);
            return;
        }
        int before = in.readableBytes();
        super.decode(ctx, in, out);
        checked = Math.max(0, checked - (before - in.readableBytes()));
        for (int i = first; i < out.size(); i++) {
            if (!accepts((HttpObject) out.get(i))) {
                while (out.size() > i + 1) {
                    ReferenceCountUtil.release(out.remove(out.size() - 1));
                }
                stop(in);
            }
        }
    }

    private void check(ByteBuf in) {
        if (blankBefore) {
            throw InvalidRequestException.badRequest("The request begins with a blank.");
        }
        int from = in.readerIndex() + checked;
        int to = in.writerIndex();
        int end =
                switch (part) {
                    case HEAD -> head.check(in, from, to);
                    case CHUNKED_BODY -> chunks.check(in, from, to);
                    case BODY, NOTHING -> from;
                };
        checked = end - in.readerIndex();
    }

    /** The message that Vert.x treats as a request, or a part of one, that could not be decoded. */
    private HttpObject invalid(InvalidRequestException e) {
        HttpObject invalid = part == Part.HEAD
                ? new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/", HeadersMultiMap.httpHeaders())
                : new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        invalid.setDecoderResult(DecoderResult.failure(e));
        return invalid;
    }

    private void stop(ByteBuf in) {
        part = Part.NOTHING;
        in.skipBytes(in.readableBytes());
    }

    /** Processes a decoded message. Returns whether decoding continues after it. */
    private boolean accepts(HttpObject decoded) {
        if (decoded instanceof HttpRequest request) {
            acceptHead(request);
        }
        if (decoded.decoderResult().isFailure()) {
            hideCause(decoded);
            return false;
        }
        if (decoded instanceof LastHttpContent) {
            part = Part.HEAD;
            head = HeadSyntax.request();
            contentLengths = 0;
        }
        return true;
    }

    /** Replaces Netty's messages, which quote headers, since Vert.x logs them. */
    private static void hideCause(HttpObject invalid) {
        if (isOfNetty(invalid.decoderResult().cause())) {
            invalid.setDecoderResult(DecoderResult.failure(
                    InvalidRequestException.badRequest("The request is not valid HTTP (RFC 9112).")));
        }
    }

    /**
     * Whether Netty, not a check of the hub, rejected the request. Messages on lengths contain only numbers and may
     * stay.
     */
    private static boolean isOfNetty(Throwable cause) {
        return !(cause instanceof InvalidRequestException) && !(cause instanceof TooLongFrameException);
    }

    private void acceptHead(HttpRequest request) {
        headDecoded = true;
        try {
            if (request.decoderResult().isSuccess()) {
                RequestFraming.check(request);
                part = HttpUtil.isTransferEncodingChunked(request) ? Part.CHUNKED_BODY : Part.BODY;
                chunks = new ChunkedSyntax();
            } else if (isOfNetty(request.decoderResult().cause())) {
                // Netty rejects some transfer codings before they are checked here. This response names the header.
                RequestFraming.checkTransferCoding(request.headers(), request.protocolVersion());
            }
        } catch (InvalidRequestException e) {
            request.setDecoderResult(DecoderResult.failure(e));
        }
        if (request.headers().contains(HttpHeaderNames.UPGRADE)
                && (request.decoderResult().isFailure() || !CleartextUpgrade.isValid(request.headers()))) {
            request.headers().remove(HttpHeaderNames.UPGRADE);
        }
    }

    @Override
    protected HttpMessage createMessage(String[] line) {
        if (!line[2].equals("HTTP/1.1") && !line[2].equals("HTTP/1.0")) {
            throw new InvalidRequestException(505, "This version of HTTP is not supported: use HTTP/1.1 or HTTP/2.");
        }
        return new DefaultHttpRequest(
                HttpVersion.valueOf(line[2]),
                HttpMethod.valueOf(line[0]),
                RequestTarget.escaped(line[1]),
                HeadersMultiMap.httpHeaders());
    }

    /** Rejects a duplicate length before the decoder merges both. */
    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        AsciiString name = super.splitHeaderName(line, start, length);
        if (part == Part.HEAD && HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name) && ++contentLengths > 1) {
            throw InvalidRequestException.badRequest("The header 'Content-Length' is given twice: send one.");
        }
        return name;
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw RequestFraming.twoLengths();
    }
}
