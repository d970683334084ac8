package dev.herald.connection;

import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.impl.SslHandshakeCompletionHandler;
import io.vertx.core.net.impl.VertxHandler;

/**
 * Handler that adds the hub's checks to a connection once Vert.x 4.5 has chosen its protocol, before anything is
 * decoded; then it removes itself. In clear text Vert.x chooses by the first bytes, which are therefore passed on one
 * by one. Over TLS it chooses at the end of the handshake. Belongs to the connection's event loop.
 */
public final class ConnectionSetup extends ChannelInboundHandlerAdapter implements WaitingConnections.Connection {
    /** Bytes read at most to detect the protocol: HTTP/2 preface and PROXY header (version 1: 107 bytes, 2: 536). */
    private static final int MAX_DETECTION_BYTES = 600;

    private final Channel channel;
    private final Function<EventLoop, LoopState> loops;
    private final HttpServerOptions options;

    /** State of the connection's event loop, once registered. */
    private LoopState state;

    private int bytes;
    private int firstByte;

    /** @param loops gives the state of an event loop; called on that loop */
    ConnectionSetup(Channel channel, Function<EventLoop, LoopState> loops, HttpServerOptions options) {
        this.channel = channel;
        this.loops = loops;
        this.options = options;
    }

    @Override
    public void channelRegistered(ChannelHandlerContext ctx) {
        state = loops.apply(channel.eventLoop());
        ctx.fireChannelRegistered();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        state.waiting().awaitHead(this);
        if (ctx.pipeline().get(SslHandshakeCompletionHandler.class) != null) {
            awaitHandshake(ctx);
        }
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state.waiting().remove(this);
        ctx.fireChannelInactive();
    }

    private void awaitHandshake(ChannelHandlerContext ctx) {
        ChannelPipeline pipeline = ctx.pipeline();
        pipeline.addBefore(pipeline.context(SslHandshakeCompletionHandler.class).name(), null, new HandshakeEnd());
        pipeline.remove(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf in = (ByteBuf) msg;
        try {
            while (in.isReadable()) {
                if (ctx.isRemoved() || bytes >= MAX_DETECTION_BYTES) {
                    ctx.fireChannelRead(in.readRetainedSlice(in.readableBytes()));
                } else {
                    firstByte = bytes == 0 ? in.getByte(in.readerIndex()) : firstByte;
                    bytes++;
                    ctx.fireChannelRead(in.readRetainedSlice(1));
                    addChecks(ctx);
                }
            }
        } finally {
            in.release();
        }
    }

    private void addChecks(ChannelHandlerContext ctx) {
        if (addHttp(ctx.pipeline())) {
            ctx.pipeline().remove(this);
        } else if (ctx.pipeline().get(SslHandshakeCompletionHandler.class) != null) {
            awaitHandshake(ctx);
        }
    }

    /** Adds the checks if the protocol is known, and returns whether it is. */
    private boolean addHttp(ChannelPipeline pipeline) {
        Http2ConnectionHandler http2 = pipeline.get(Http2ConnectionHandler.class);
        if (http2 != null) {
            Http2Requests.install(channel, http2, state, this);
            return true;
        }
        ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
        if (decoder == null) {
            return false;
        }
        Http1Activity activity = new Http1Activity(state, this);
        ChannelHandlerContext vertx = pipeline.context(VertxHandler.class);
        if (vertx == null) {
            pipeline.addLast(activity);
        } else {
            pipeline.addBefore(vertx.name(), null, activity);
        }
        boolean blankBefore = bytes > 0 && firstByte <= ' ' && firstByte != '\r' && firstByte != '\n';
        ChannelHandler checked = new RequestDecoder(options, activity, blankBefore);
        pipeline.replace(decoder.handler(), decoder.name(), checked);
        return true;
    }

    @Override
    public void cut() {
        ChannelHandlerContext nearestToTheSocket = channel.pipeline().firstContext();
        if (nearestToTheSocket != null) {
            nearestToTheSocket.close();
        }
    }

    @Override
    public void close() {
        channel.close();
    }

    /** Handler that adds the checks when the TLS handshake is complete. */
    private final class HandshakeEnd extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            ctx.fireUserEventTriggered(event);
            if (event instanceof SslHandshakeCompletionEvent && !ctx.isRemoved()) {
                addHttp(ctx.pipeline());
                ctx.pipeline().remove(this);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            state.waiting().remove(ConnectionSetup.this);
            ctx.fireChannelInactive();
        }
    }
}
