package dev.herald.stream;

import java.util.List;
import java.util.Map;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.http.impl.Http1xUpgradeToH2CHandler;
import io.vertx.core.net.impl.VertxHandler;

import dev.herald.connection.Http1Activity;

/**
 * What Vert.x 4.5 makes of a connection that speaks HTTP/1.1, in clear text or over TLS, and how it is undone. The one
 * place that knows it. Belongs to the connection's event loop.
 */
final class Http1Pipeline {
    /** In this order, first what is nearest to the socket. */
    private static final List<Class<? extends ChannelHandler>> KNOWN = List.of(
            SslHandler.class,
            HttpRequestDecoder.class,
            HttpResponseEncoder.class,
            ChunkedWriteHandler.class,
            IdleStateHandler.class,
            // Is there while the first request is dispatched, and leaves by itself.
            Http1xUpgradeToH2CHandler.class,
            Http1Activity.class,
            VertxHandler.class);

    private static final List<Class<? extends ChannelHandler>> NEEDED =
            List.of(HttpRequestDecoder.class, HttpResponseEncoder.class, VertxHandler.class);

    /** What turns requests and answers from bytes into objects and back, and the timer that ends quiet connections. */
    private static final List<Class<? extends ChannelHandler>> HTTP = List.of(
            HttpRequestDecoder.class,
            HttpResponseEncoder.class,
            ChunkedWriteHandler.class,
            IdleStateHandler.class,
            Http1xUpgradeToH2CHandler.class,
            Http1Activity.class);

    private Http1Pipeline() {}

    /**
     * Whether this is such a pipeline, and nothing else stands in it: what compresses, shapes, logs or does what nobody
     * here knows must see the stream, so such a stream goes through Vert.x.
     */
    static boolean isKnown(ChannelPipeline pipeline) {
        int reached = -1;
        for (Map.Entry<String, ChannelHandler> entry : pipeline) {
            int place = place(entry.getValue());
            if (place <= reached) {
                return false;
            }
            reached = place;
        }
        return NEEDED.stream().allMatch(type -> pipeline.context(type) != null);
    }

    private static int place(ChannelHandler handler) {
        for (int i = 0; i < KNOWN.size(); i++) {
            if (KNOWN.get(i).isInstance(handler)) {
                return i;
            }
        }
        return -1;
    }

    /** Puts a handler between HTTP and Vert.x: from now on it sees all that Vert.x writes. */
    static void insert(ChannelPipeline pipeline, ChannelHandler handler) {
        pipeline.addBefore(pipeline.context(VertxHandler.class).name(), null, handler);
    }

    /**
     * Takes HTTP out. What comes from the client then reaches the inserted handler as bytes, and what that one writes goes
     * to TLS or the socket as it is. Vert.x' own handler stays, so that the connection still counts and its end is noticed.
     */
    static void removeHttp(ChannelPipeline pipeline) {
        for (Class<? extends ChannelHandler> type : HTTP) {
            if (pipeline.context(type) != null) {
                pipeline.remove(type);
            }
        }
    }

    /** Closes the connection without a farewell: TLS would wait for its own to be taken, and Vert.x for all that waits. */
    static void cut(ChannelPipeline pipeline) {
        ChannelHandlerContext nearestToTheSocket = pipeline.firstContext();
        if (nearestToTheSocket != null) {
            nearestToTheSocket.close();
        }
    }
}
