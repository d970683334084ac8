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
 * Netty pipeline that Vert.x 4.5 builds for an HTTP/1.1 connection, in clear text or over TLS, and its removal. No
 * other class depends on its structure. Belongs to the connection's event loop.
 */
final class Http1Pipeline {
    /** Known handlers in pipeline order, the one nearest to the socket first. */
    private static final List<Class<? extends ChannelHandler>> KNOWN = List.of(
            SslHandler.class,
            HttpRequestDecoder.class,
            HttpResponseEncoder.class,
            ChunkedWriteHandler.class,
            IdleStateHandler.class,
            // Present while the first request is dispatched; removes itself.
            Http1xUpgradeToH2CHandler.class,
            Http1Activity.class,
            VertxHandler.class);

    private static final List<Class<? extends ChannelHandler>> NEEDED =
            List.of(HttpRequestDecoder.class, HttpResponseEncoder.class, VertxHandler.class);

    /** HTTP codecs, and the timer that closes idle connections. */
    private static final List<Class<? extends ChannelHandler>> HTTP = List.of(
            HttpRequestDecoder.class,
            HttpResponseEncoder.class,
            ChunkedWriteHandler.class,
            IdleStateHandler.class,
            Http1xUpgradeToH2CHandler.class,
            Http1Activity.class);

    private Http1Pipeline() {}

    /**
     * Whether the pipeline consists of known handlers only. Any other handler, such as one that compresses, shapes or
     * logs, must see the stream, which then goes through Vert.x.
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

    /** Inserts a handler between HTTP and Vert.x: from now on it sees all writes of Vert.x. */
    static void insert(ChannelPipeline pipeline, ChannelHandler handler) {
        pipeline.addBefore(pipeline.context(VertxHandler.class).name(), null, handler);
    }

    /**
     * Removes the HTTP handlers. The inserted handler then reads raw bytes from the client and writes raw bytes to TLS
     * or the socket. Vert.x' own handler stays, so that it still counts the connection and sees its end.
     */
    static void removeHttp(ChannelPipeline pipeline) {
        for (Class<? extends ChannelHandler> type : HTTP) {
            if (pipeline.context(type) != null) {
                pipeline.remove(type);
            }
        }
    }

    /**
     * Closes the connection at once, without TLS close_notify, which would wait for the client, and without a flush.
     */
    static void cut(ChannelPipeline pipeline) {
        ChannelHandlerContext nearestToTheSocket = pipeline.firstContext();
        if (nearestToTheSocket != null) {
            nearestToTheSocket.close();
        }
    }
}
