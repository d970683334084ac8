package dev.herald.bench;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;

import dev.herald.Patience;

/**
 * Publishers that each keep one HTTP/1.1 connection and post again as soon as they are answered. All on one event loop,
 * which owns them; used by one thread.
 */
final class Publishers implements AutoCloseable {
    private final EventLoopGroup loop = new EpollEventLoopGroup(1);
    private final List<Publisher> publishers = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final byte[] request;
    private final int marker;
    private volatile boolean posting;

    /**
     * @param path to post to, with the topic
     * @param data what is posted, with a {@link Marker#blank()} in it
     */
    Publishers(InetSocketAddress hub, int count, String path, String data) throws InterruptedException {
        String text = "POST " + path + " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: "
                + data.length() + "\r\n\r\n" + data;
        request = text.getBytes(StandardCharsets.US_ASCII);
        marker = text.indexOf(Marker.blank());
        for (int i = 0; i < count; i++) {
            Publisher publisher = new Publisher(i);
            publisher.channel = new Bootstrap()
                    .group(loop)
                    .channel(EpollSocketChannel.class)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new HttpResponseDecoder(), publisher);
                        }
                    })
                    .connect(hub)
                    .sync()
                    .channel();
            publishers.add(publisher);
        }
    }

    /** Lets the first so many of them post for so long. Returns how many updates were answered a second. */
    double run(int count, Duration duration) throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(count);
        long before = answered();
        long begin = System.nanoTime();
        posting = true;
        publishers.subList(0, count).forEach(publisher -> publisher.begin(busy));
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        long answered = answered() - before;
        double seconds = (System.nanoTime() - begin) / 1e9;
        posting = false;
        if (!busy.await(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("Updates were not answered within " + Patience.LIMIT + ".");
        }
        if (failure.get() != null) {
            throw new AssertionError("An update was not answered with 200.", failure.get());
        }
        return answered / seconds;
    }

    /** How many updates were answered so far. */
    long answered() {
        return publishers.stream().mapToLong(publisher -> publisher.answered).sum();
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** One of them; its number among them is in its markers. Belongs to the loop. */
    private final class Publisher extends SimpleChannelInboundHandler<HttpObject> {
        private final int number;
        private Channel channel;
        private CountDownLatch busy;
        private HttpResponseStatus status;
        private volatile long answered;

        Publisher(int number) {
            this.number = number;
        }

        void begin(CountDownLatch until) {
            channel.eventLoop().execute(() -> {
                busy = until;
                post();
            });
        }

        private void post() {
            if (!posting) {
                busy.countDown();
                return;
            }
            byte[] bytes = request.clone();
            Marker.write(bytes, marker, System.nanoTime(), number, answered);
            channel.writeAndFlush(Unpooled.wrappedBuffer(bytes), channel.voidPromise());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (part instanceof HttpResponse head) {
                status = head.status();
            }
            if (!(part instanceof LastHttpContent)) {
                return;
            }
            if (status.equals(HttpResponseStatus.OK)) {
                answered++;
                post();
            } else {
                fail(new IllegalStateException("The answer was " + status + "."));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            fail(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            fail(new IllegalStateException("The connection was closed."));
        }

        private void fail(Throwable cause) {
            failure.compareAndSet(null, cause);
            if (busy != null) {
                busy.countDown();
            }
        }
    }
}
