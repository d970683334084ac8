package dev.herald.bench;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

import dev.herald.Patience;

/**
 * Publishers with one HTTP/1.1 connection each, which post on schedule after the previous response. One event loop owns
 * all of them; used by one thread.
 */
final class Publishers implements AutoCloseable {
    private final EventLoopGroup loop = new EpollEventLoopGroup(1);
    private final List<Publisher> publishers = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Supplier<Post> posts;
    private volatile boolean closing;

    /**
     * @param first number of the first publisher, which identifies its messages
     * @param posts called for each message
     */
    Publishers(InetSocketAddress hub, int first, int count, Supplier<Post> posts) throws InterruptedException {
        this.posts = posts;
        for (int i = 0; i < count; i++) {
            Publisher publisher = new Publisher(first + i, i);
            publisher.channel = new Bootstrap()
                    .group(loop)
                    .channel(EpollSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
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

    /** Runs the first {@code count} publishers, and waits for all responses. Returns the responses per second. */
    double run(int count, Schedule schedule) throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(count);
        long before = answered();
        publishers.subList(0, count).forEach(publisher -> publisher.begin(schedule, count, busy));
        long left = schedule.messages() < Long.MAX_VALUE ? 0 : schedule.end() - System.nanoTime();
        if (!busy.await(left + Patience.LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new AssertionError("Updates were not answered within " + Patience.LIMIT + ".");
        }
        check();
        return (answered() - before) / ((System.nanoTime() - schedule.begin()) / 1e9);
    }

    private void check() {
        if (failure.get() != null) {
            throw new AssertionError("An update was not accepted.", failure.get());
        }
    }

    /** Number of responses so far. */
    long answered() {
        return publishers.stream().mapToLong(publisher -> publisher.answered).sum();
    }

    @Override
    public void close() {
        closing = true;
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** One publisher. The loop owns it. */
    private final class Publisher extends SimpleChannelInboundHandler<HttpObject> {
        private final int number;
        private final int place;
        private Channel channel;
        private CountDownLatch busy;
        private Schedule schedule;
        private int together;
        private long scheduled;
        private HttpResponseStatus status;
        private volatile long answered;

        Publisher(int number, int place) {
            this.number = number;
            this.place = place;
        }

        void begin(Schedule next, int count, CountDownLatch until) {
            channel.eventLoop().execute(() -> {
                schedule = next;
                together = count;
                scheduled = 0;
                busy = until;
                next();
            });
        }

        private void next() {
            long due = schedule.due(place, together, scheduled);
            if (schedule.over(due, scheduled)) {
                busy.countDown();
                return;
            }
            scheduled++;
            long wait = due - System.nanoTime();
            if (wait > 0) {
                channel.eventLoop().schedule(() -> post(due), wait, TimeUnit.NANOSECONDS);
            } else {
                post(due);
            }
        }

        private void post(long due) {
            byte[] request = posts.get().marked(due, number, answered);
            channel.writeAndFlush(Unpooled.wrappedBuffer(request), channel.voidPromise());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (part instanceof HttpResponse head) {
                status = head.status();
            }
            if (part instanceof LastHttpContent) {
                answered();
            }
        }

        @SuppressWarnings("NonAtomicOperationOnVolatileField")
        private void answered() {
            if (status.codeClass() == HttpStatusClass.SUCCESS) {
                answered++;
                next();
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
            if (!closing) {
                fail(new IllegalStateException("The connection was closed."));
            }
        }

        private void fail(Throwable cause) {
            failure.compareAndSet(null, cause);
            if (busy != null) {
                busy.countDown();
            }
        }
    }
}
