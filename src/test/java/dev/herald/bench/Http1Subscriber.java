package dev.herald.bench;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Subscriber on its own HTTP/1.1 connection. */
final class Http1Subscriber extends ChannelInboundHandlerAdapter {
    private static final String OK = "HTTP/1.1 200";

    private final SubscriberGroup.Listener listener;
    private final String path;
    private final SubscriberOpener opener;
    private final boolean stops;
    private boolean opened;

    /** @param stops whether it stops reading once it is live */
    Http1Subscriber(SubscriberGroup.Listener listener, String path, SubscriberOpener opener, boolean stops) {
        this.listener = listener;
        this.path = path;
        this.opener = opener;
        this.stops = stops;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\r\n";
        context.writeAndFlush(Unpooled.copiedBuffer(request, StandardCharsets.US_ASCII), context.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (!opened) {
                open(context, bytes);
            }
            listener.receive(bytes);
        } finally {
            bytes.release();
        }
    }

    private void open(ChannelHandlerContext context, ByteBuf bytes) {
        String line = bytes.toString(
                bytes.readerIndex(), Math.min(OK.length(), bytes.readableBytes()), StandardCharsets.US_ASCII);
        if (!line.equals(OK)) {
            opener.fail(new IllegalStateException(
                    "A subscriber was answered with " + bytes.toString(StandardCharsets.US_ASCII)));
            return;
        }
        opened = true;
        opener.opened();
        if (stops) {
            context.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        opener.lost("A subscriber's connection was closed.");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        opener.fail(cause);
    }
}
