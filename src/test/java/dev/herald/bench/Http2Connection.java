package dev.herald.bench;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2FrameWriter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * Clear-text HTTP/2 connection with prior knowledge for many subscribers. It stores only the listener of a stream,
 * where a full client would need a kilobyte, so that one process can have a million of them. Its event loop owns it.
 */
final class Http2Connection extends ByteToMessageDecoder {
    /** More than a stream receives in a run. */
    private static final int WINDOW_BYTES = Integer.MAX_VALUE;

    private static final int FIRST_STREAM = 1;

    /** Clients use odd stream ids (RFC 9113 §5.1.1). */
    private static final int NEXT_STREAM = 2;

    private final Http2FrameReader reader = new DefaultHttp2FrameReader();
    private final Http2FrameWriter writer = new DefaultHttp2FrameWriter();
    private final Frames frames = new Frames();
    private final List<SubscriberGroup.Listener> listeners;
    private final String path;
    private final SubscriberOpener opener;
    private boolean requested;
    private int unacknowledged;

    Http2Connection(List<SubscriberGroup.Listener> listeners, String path, SubscriberOpener opener) {
        this.listeners = listeners;
        this.path = path;
        this.opener = opener;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.write(Http2CodecUtil.connectionPrefaceBuf());
        Http2Settings settings = new Http2Settings().pushEnabled(false).initialWindowSize(WINDOW_BYTES);
        writer.writeSettings(context, settings, context.newPromise());
        writer.writeWindowUpdate(context, 0, WINDOW_BYTES - Http2CodecUtil.DEFAULT_WINDOW_SIZE, context.newPromise());
        context.flush();
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf input, List<Object> output) throws Http2Exception {
        reader.readFrame(context, input, frames);
    }

    private void ask(ChannelHandlerContext context) {
        Http2Headers request = new DefaultHttp2Headers()
                .method("GET")
                .scheme("http")
                .authority("bench")
                .path(path)
                .add("accept", "text/event-stream");
        for (int i = 0; i < listeners.size(); i++) {
            writer.writeHeaders(context, FIRST_STREAM + i * NEXT_STREAM, request, 0, true, context.newPromise());
        }
    }

    private SubscriberGroup.Listener listener(int stream) {
        return listeners.get((stream - FIRST_STREAM) / NEXT_STREAM);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        reader.close();
        writer.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        super.channelInactive(context);
        opener.lost("A connection with subscribers was closed.");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        opener.fail(cause);
    }

    /** Listener of the server's frames. */
    private final class Frames extends Http2FrameAdapter {
        /** SETTINGS are the first frame. */
        @Override
        public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) {
            writer.writeSettingsAck(context, context.newPromise());
            if (!requested) {
                requested = true;
                ask(context);
            }
            context.flush();
        }

        @Override
        public void onPingRead(ChannelHandlerContext context, long data) {
            writer.writePing(context, true, data, context.newPromise());
            context.flush();
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context,
                int stream,
                Http2Headers headers,
                int streamDependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean endOfStream) {
            onHeadersRead(context, stream, headers, padding, endOfStream);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context, int stream, Http2Headers headers, int padding, boolean endOfStream) {
            if ("200".contentEquals(headers.status())) {
                opener.opened();
            } else {
                opener.fail(new IllegalStateException("A subscriber was answered with " + headers));
            }
        }

        @Override
        public int onDataRead(
                ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean endOfStream) {
            int consumed = data.readableBytes() + padding;
            listener(stream).receive(data);
            unacknowledged += consumed;
            if (unacknowledged > WINDOW_BYTES / 2) {
                writer.writeWindowUpdate(context, 0, unacknowledged, context.newPromise());
                context.flush();
                unacknowledged = 0;
            }
            if (endOfStream) {
                opener.lost("A subscriber's stream was ended.");
            }
            return consumed;
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext context, int stream, long errorCode) {
            opener.lost("A subscriber's stream was reset, error " + errorCode + ".");
        }
    }
}
