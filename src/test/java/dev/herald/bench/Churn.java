package dev.herald.bench;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollSocketChannel;

import static dev.herald.Patience.eventually;

/**
 * Subscribers of a separate topic that disconnect as soon as they are live, at a given rate. They do not disconnect at
 * the response head, when the hub may not have registered them. One event loop owns it.
 */
final class Churn {
    static final String TOPIC = "churn";

    private static final long TURN_MILLIS = 10;

    /** Bound that prevents the load generator from running out of files when the server accepts slowly. */
    private static final int MAX_OPEN = 2_000;

    private static final String LIVE = "data: {}";
    private static final byte[] REQUEST =
            ("GET /SSE?topic=" + TOPIC + " HTTP/1.1\r\nHost: bench\r\n\r\n").getBytes(StandardCharsets.US_ASCII);

    private final Bootstrap bootstrap;
    private final ScheduledFuture<?> turns;
    private final long begin = System.nanoTime();
    private final double aSecond;
    private long due;
    private volatile long begun;
    private volatile long left;
    private volatile Throwable failure;

    Churn(EventLoopGroup loop, InetSocketAddress server, double aSecond) {
        this.aSecond = aSecond;
        this.bootstrap = new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .remoteAddress(server)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Guest());
                    }
                });
        this.turns = loop.next().scheduleAtFixedRate(this::turn, 0, TURN_MILLIS, TimeUnit.MILLISECONDS);
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField")
    private void turn() {
        long until = (long) ((System.nanoTime() - begin) / 1e9 * aSecond);
        for (; due < until && begun - left < MAX_OPEN; due++) {
            begun++;
            bootstrap.clone().localAddress(SourceAddresses.next()).connect().addListener(connected -> {
                if (!connected.isSuccess()) {
                    failure = connected.cause();
                }
            });
        }
        // Missed starts are not made up for.
        due = until;
    }

    /** Stops, waits until all have disconnected, and returns their number. */
    long end() {
        turns.cancel(false);
        eventually().until(() -> {
            if (failure != null) {
                throw new AssertionError("Somebody who came was not let in.", failure);
            }
            return left == begun;
        });
        return left;
    }

    /** One short-lived subscriber. */
    private final class Guest extends SimpleChannelInboundHandler<ByteBuf> {
        private String heard = "";

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.writeAndFlush(Unpooled.wrappedBuffer(REQUEST), context.voidPromise());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf piece) {
            heard += piece.toString(StandardCharsets.US_ASCII);
            if (heard.contains(LIVE)) {
                context.close();
            }
        }

        @Override
        @SuppressWarnings("NonAtomicOperationOnVolatileField")
        public void channelInactive(ChannelHandlerContext context) {
            left++;
            if (!heard.contains(LIVE)) {
                failure = new IllegalStateException("The answer was " + heard);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failure = cause;
            context.close();
        }
    }
}
