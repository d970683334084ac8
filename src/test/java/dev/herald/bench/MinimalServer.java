package dev.herald.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;

/**
 * Baseline server with the minimum of work on a Netty event loop: each post is written and flushed to every subscriber
 * as one shared buffer. No topics, no ids, no log. The one loop owns everything.
 */
final class MinimalServer {
    private static final int MAX_BODY_BYTES = 1 << 20;
    private static final int BACKLOG = 4_096;

    private final Set<Channel> subscribers = new LinkedHashSet<>();

    private MinimalServer() {}

    public static void main(String[] arguments) throws InterruptedException {
        MinimalServer server = new MinimalServer();
        EpollEventLoopGroup loop = new EpollEventLoopGroup(1);
        Channel listening = new ServerBootstrap()
                .group(loop)
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpRequestDecoder(),
                                        new HttpObjectAggregator(MAX_BODY_BYTES),
                                        server.new Connection());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        int port = ((InetSocketAddress) listening.localAddress()).getPort();
        System.out.println("Listening on: http://127.0.0.1:" + port);
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private final class Connection extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            if (request.method().equals(HttpMethod.POST)) {
                context.writeAndFlush(
                        ascii("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsuccess"), context.voidPromise());
                send(request.content());
            } else {
                context.writeAndFlush(ascii("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"));
                subscribers.add(context.channel());
            }
        }

        private void send(ByteBuf body) {
            ByteBuf frame = body.alloc().directBuffer();
            frame.writeBytes(ascii("data: ")).writeBytes(body).writeBytes(ascii("\n\n"));
            for (Channel subscriber : subscribers) {
                subscriber.writeAndFlush(frame.retainedDuplicate(), subscriber.voidPromise());
            }
            frame.release();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            subscribers.remove(context.channel());
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }
}
