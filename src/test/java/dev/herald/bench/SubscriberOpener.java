package dev.herald.bench;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;
import java.util.stream.Stream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpResponseDecoder;

import dev.herald.Patience;

/**
 * Opens subscribers, and detects rejected and lost ones. Callbacks run on the subscribers' event loop; all other
 * methods are for one thread at a time.
 */
final class SubscriberOpener {
    /** Streams on one connection of HTTP/2. */
    static final int STREAMS_A_CONNECTION = 100;

    private static final int CONNECTS_AT_ONCE = 64;
    private static final int SMALL_WINDOW_BYTES = 4_096;

    private final EventLoopGroup loop;
    private final InetSocketAddress server;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<Channel> channels = new ArrayList<>();
    private volatile boolean leaving;
    private int expected;

    SubscriberOpener(EventLoopGroup loop, InetSocketAddress server) {
        this.loop = loop;
        this.server = server;
    }

    /** Opens subscribers over HTTP/1.1 and waits until all are live. */
    void openHttp1(int count, SubscriberGroup group, IntFunction<String> path) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            connect(bootstrap(), 1, new Http1Subscriber(group.listener(), path.apply(i), this, false));
        }
        awaitOpen();
    }

    /** Opens subscribers over HTTP/1.1 that stop reading once they are live. */
    void openStopped(int count, SubscriberGroup group, String path) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            connect(
                    bootstrap().option(ChannelOption.SO_RCVBUF, SMALL_WINDOW_BYTES),
                    1,
                    new Http1Subscriber(group.listener(), path, this, true));
        }
        awaitOpen();
    }

    /** Opens subscribers over HTTP/2 and waits until all are live. */
    void openHttp2(int count, SubscriberGroup group, String path) throws InterruptedException {
        for (int i = 0; i < count; i += STREAMS_A_CONNECTION) {
            int streams = Math.min(STREAMS_A_CONNECTION, count - i);
            List<SubscriberGroup.Listener> listeners =
                    Stream.generate(group::listener).limit(streams).toList();
            connect(bootstrap(), streams, new Http2Connection(listeners, path, this));
        }
        awaitOpen();
    }

    /** Opens a stream of updates about subscriptions to a topic. */
    PresenceSubscriber openWatcher(String topic, String token) throws InterruptedException {
        PresenceSubscriber watcher = new PresenceSubscriber(topic, token, this);
        connect(bootstrap(), 1, new HttpResponseDecoder(), watcher);
        awaitOpen();
        return watcher;
    }

    private Bootstrap bootstrap() {
        return new Bootstrap()
                .group(loop)
                .channel(EpollSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .remoteAddress(server)
                .localAddress(SourceAddresses.next());
    }

    private void connect(Bootstrap bootstrap, int streams, ChannelHandler... handlers) throws InterruptedException {
        bootstrap.handler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(handlers);
            }
        });
        channels.add(bootstrap.connect().sync().channel());
        expected += streams;
        if (channels.size() % CONNECTS_AT_ONCE == 0) {
            awaitOpen();
        }
    }

    private void awaitOpen() throws InterruptedException {
        long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        while (open.get() < expected) {
            check();
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Of " + expected + " subscribers " + open.get() + " were answered.");
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    void opened() {
        open.incrementAndGet();
    }

    /** Records an ended subscriber, which is a fault unless all are being closed. */
    void lost(String what) {
        if (!leaving) {
            fail(new IllegalStateException(what));
        }
    }

    void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
    }

    /** @throws AssertionError if a subscriber was rejected or lost */
    void check() {
        if (failure.get() != null) {
            throw new AssertionError("A subscriber failed.", failure.get());
        }
    }

    /** Closes all subscribers. */
    void leave() {
        leaving = true;
        channels.forEach(Channel::close);
        channels.forEach(channel -> channel.closeFuture().syncUninterruptibly());
    }
}
