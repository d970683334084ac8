package dev.herald.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.Future;

import dev.herald.Patience;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Those who have streams of one hub open: many that hear nothing, some that listen to one topic, others that come and go, and
 * one that is told who comes and goes. All are on one event loop, which owns what they count; the rest is used by one thread.
 */
final class Audience implements AutoCloseable {
    private static final String LIVE = "live";
    private static final String CHURN = "churn";
    private static final int AT_ONCE = 100;
    private static final int TICKS_A_SECOND = 100;
    private static final int ADDRESSES = 100;
    private static final byte[] END_OF_ANSWER = "success".getBytes(StandardCharsets.US_ASCII);

    private final EventLoopGroup loop = new EpollEventLoopGroup(1);
    private final InetSocketAddress hub;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Double> millis = new ArrayList<>();
    private final Watcher watcher;
    private Future<?> churn;
    private long published;
    private volatile boolean closing;

    /** @param token of a reader that may know of all active subscriptions */
    Audience(InetSocketAddress hub, String token) {
        this.hub = hub;
        this.watcher = new Watcher(request(
                "/.well-known/mercure",
                "/.well-known/mercure/subscriptions/" + CHURN + "/{subscriber}",
                "Authorization: Bearer " + token + "\r\n"));
        connect(watcher);
        awaitOpen(1);
    }

    /** Opens streams of a topic that nobody publishes to. */
    void idle(int count) {
        int before = open.get();
        for (int i = 1; i <= count; i++) {
            connect(new Stream(request("/SSE", "idle", "")));
            if (i % AT_ONCE == 0) {
                awaitOpen(before + i);
            }
        }
        awaitOpen(before + count);
    }

    /** Opens streams whose latency is measured. */
    void listen(int count) {
        int before = open.get();
        for (int i = 0; i < count; i++) {
            Listener listener = new Listener();
            listeners.add(listener);
            connect(listener);
        }
        awaitOpen(before + count);
    }

    /**
     * Publishes to those who listen, at a steady pace, and waits until each has each update.
     *
     * @return times from when an update was to be published to when it came, in milliseconds, of all listeners
     */
    List<Double> latencies(int aSecond, Duration duration) throws Exception {
        loop.submit(millis::clear).sync();
        long period = TimeUnit.SECONDS.toNanos(1) / aSecond;
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) Patience.LIMIT.toMillis());
            socket.connect(hub);
            long next = System.nanoTime();
            for (long last = next + duration.toNanos(); next < last; next += period) {
                TimeUnit.NANOSECONDS.sleep(next - System.nanoTime());
                post(socket, next);
            }
        }
        eventually().until(() -> {
            check();
            return loop.submit(() -> listeners.stream().allMatch(listener -> listener.tally.reached(0) == published))
                    .get();
        });
        return loop.submit(() -> List.copyOf(millis)).get();
    }

    private void post(Socket socket, long due) throws IOException {
        String data = "\"" + Marker.text(due, 0, published++) + "\"";
        OutputStream out = socket.getOutputStream();
        out.write(("POST /message?topic=" + LIVE + " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
                        + "Content-Length: " + data.length() + "\r\n\r\n" + data)
                .getBytes(StandardCharsets.US_ASCII));
        int matched = 0;
        while (matched < END_OF_ANSWER.length) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("The hub ended the publisher's connection.");
            }
            matched = next == END_OF_ANSWER[matched] ? matched + 1 : next == END_OF_ANSWER[0] ? 1 : 0;
        }
    }

    /** From now on so many streams a second are opened, and closed as soon as they are. */
    void beginChurn(int aSecond) {
        churn = loop.next()
                .scheduleAtFixedRate(
                        () -> {
                            for (int i = 0; i < aSecond / TICKS_A_SECOND; i++) {
                                begun.incrementAndGet();
                                connect(new Guest());
                            }
                        },
                        0,
                        TimeUnit.SECONDS.toNanos(1) / TICKS_A_SECOND,
                        TimeUnit.NANOSECONDS);
    }

    /** Stops that, and waits until the one who is told of them has been told of all. */
    void endChurn() {
        churn.cancel(false);
        eventually().untilAsserted(() -> {
            check();
            assertThat(ended).as("streams that ended").hasValue(begun.get());
            assertThat(watcher.told).as("beginnings told").isEqualTo(begun.get());
            assertThat(watcher.toldOfEnds).as("ends told").isEqualTo(begun.get());
        });
    }

    /** How many have come and gone. */
    int churned() {
        return ended.get();
    }

    private void awaitOpen(int count) {
        eventually().until(() -> {
            check();
            return open.get() >= count;
        });
    }

    private void check() {
        if (failure.get() != null) {
            throw new AssertionError("A stream failed.", failure.get());
        }
    }

    private static byte[] request(String path, String topic, String header) {
        return ("GET " + path + "?topic=" + URLEncoder.encode(topic, StandardCharsets.UTF_8)
                        + " HTTP/1.1\r\nHost: bench\r\n" + header + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private void connect(Stream stream) {
        // One address of this machine has too few ports for all who come and go.
        int number = connections.getAndIncrement();
        new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                // Chunks may end in the middle of a message.
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new HttpResponseDecoder(), stream);
                    }
                })
                .connect(hub, new InetSocketAddress("127.0.0." + (2 + number % ADDRESSES), 0))
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        failure.compareAndSet(null, connected.cause());
                    }
                });
    }

    @Override
    public void close() {
        closing = true;
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** One that hears what comes, and keeps nothing of it. */
    private class Stream extends SimpleChannelInboundHandler<HttpObject> {
        private final byte[] request;

        Stream(byte[] request) {
            this.request = request;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            context.writeAndFlush(Unpooled.wrappedBuffer(request), context.voidPromise());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (part instanceof HttpResponse head) {
                if (head.status().equals(HttpResponseStatus.OK)) {
                    begin();
                } else {
                    failure.compareAndSet(null, new IllegalStateException("The answer was " + head.status() + "."));
                }
            } else if (part instanceof HttpContent piece) {
                hear(context, piece.content());
            }
        }

        void begin() {
            open.incrementAndGet();
        }

        void hear(ChannelHandlerContext context, ByteBuf piece) {
            // Nothing is expected.
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            failure.compareAndSet(null, cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (!closing) {
                failure.compareAndSet(null, new IllegalStateException("A stream ended."));
            }
        }
    }

    /** One that leaves as soon as it is live: who leaves on seeing the head may never have been taken in. */
    private final class Guest extends Stream {
        private String heard = "";

        Guest() {
            super(request("/SSE", CHURN, ""));
        }

        @Override
        void begin() {
            // It does not stay.
        }

        @Override
        void hear(ChannelHandlerContext context, ByteBuf piece) {
            heard += piece.toString(StandardCharsets.US_ASCII);
            if (heard.contains("data: {}")) {
                context.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            ended.incrementAndGet();
        }
    }

    /** One that gets each update, once and in order, and takes the time. */
    private final class Listener extends Stream {
        private final byte[] buffer = new byte[8 << 10];
        private final StreamScanner scanner = new StreamScanner();
        private final Tally tally = new Tally(1);

        Listener() {
            super(request("/SSE", LIVE, ""));
        }

        @Override
        void hear(ChannelHandlerContext context, ByteBuf piece) {
            long now = System.nanoTime();
            while (piece.isReadable()) {
                int before = scanner.restore(buffer);
                int length = Math.min(buffer.length - before, piece.readableBytes());
                piece.readBytes(buffer, before, length);
                scanner.scan(buffer, before + length, (nanos, publisher, number) -> {
                    tally.count(publisher, number);
                    millis.add((now - nanos) / 1e6);
                });
            }
            if (tally.faults() > 0) {
                failure.compareAndSet(null, new IllegalStateException(tally.toString()));
            }
        }
    }

    /** One that is told of those who come and go. */
    private final class Watcher extends Stream {
        private static final String BEGUN = "\"active\":true";
        private static final String ENDED = "\"active\":false";
        private String rest = "";
        private volatile int told;
        private volatile int toldOfEnds;

        Watcher(byte[] request) {
            super(request);
        }

        @Override
        void hear(ChannelHandlerContext context, ByteBuf piece) {
            String text = rest + piece.toString(StandardCharsets.UTF_8);
            int end = text.lastIndexOf('\n') + 1;
            told += count(text.substring(0, end), BEGUN);
            toldOfEnds += count(text.substring(0, end), ENDED);
            rest = text.substring(end);
        }

        private static int count(String text, String word) {
            return text.split(word, -1).length - 1;
        }
    }
}
