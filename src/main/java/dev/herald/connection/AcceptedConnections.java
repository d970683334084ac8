package dev.herald.connection;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.impl.VertxInternal;

import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;

/**
 * Installer of a {@link ConnectionSetup} in each accepted connection. Neither Vert.x nor Quarkus offers a hook into the
 * pipeline before the first request. So this polls the acceptor's event loop until the servers listen. It runs on that
 * loop, which therefore cannot accept a connection before (decision 101). Thread-safe.
 */
@Singleton
public class AcceptedConnections implements HttpServerOptionsCustomizer {
    private static final String NAME = "herald";
    private static final int FILE_SHARE = 4;
    private static final int LEAST_BOUND = 64;

    /** Descriptors for the process itself: log, jars of classes loaded late, keys of issuers. */
    private static final int RESERVED_FILES = 64;

    private static final int LEAST_CONNECTIONS = 16;

    /**
     * HTTP/2 frames of an address and loop. A closed page resets all its streams; many behind one gateway may at once.
     */
    private static final int FRAME_BURST = 500;

    private static final int FRAMES_PER_SECOND = 200;

    /** The loop is polled without a pause for this time, within which servers listen. */
    private static final Duration BUSY_WATCH = Duration.ofSeconds(2);

    private static final Duration WATCH = Duration.ofSeconds(30);
    private static final Duration WATCH_INTERVAL = Duration.ofMillis(10);

    private final VertxInternal vertx;
    private final ConnectionConfig config;
    private final RejectedRequests rejected;
    private final ConnectionBound bound = new ConnectionBound(AcceptedConnections::filesForConnections);
    private final MemoryBudget requests;
    private final Map<EventLoop, LoopState> loops = new ConcurrentHashMap<>();

    /** One for all connections, so that none costs an object of its own. */
    private final Function<EventLoop, LoopState> states = this::loop;

    private volatile HttpServerOptions options = new HttpServerOptions();

    AcceptedConnections(Vertx vertx, ConnectionConfig config, RejectedRequests rejected, HeapShares heap) {
        this.vertx = (VertxInternal) vertx;
        this.config = config;
        this.rejected = rejected;
        this.requests = heap.requests();
    }

    /** Installs the setup in servers that already listen. Completes when done, on any thread. */
    public CompletionStage<Void> adopt() {
        List<CompletableFuture<Void>> adopted = new ArrayList<>();
        for (EventExecutor acceptor : vertx.getAcceptorEventLoopGroup()) {
            adopted.add(CompletableFuture.runAsync(() -> findServers((SingleThreadEventLoop) acceptor), acceptor));
        }
        return CompletableFuture.allOf(adopted.toArray(CompletableFuture[]::new));
    }

    /** Installs it again after a reload in dev mode, which the servers survive. */
    void start(@Observes StartupEvent event) {
        for (EventExecutor acceptor : vertx.getAcceptorEventLoopGroup()) {
            acceptor.execute(() -> findServers((SingleThreadEventLoop) acceptor));
        }
    }

    @Override
    public void customizeHttpServer(HttpServerOptions server) {
        options = server;
        watch();
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions server) {
        if (server.getKeyCertOptions() != null) {
            options = server;
            watch();
        }
    }

    private void watch() {
        for (EventExecutor acceptor : vertx.getAcceptorEventLoopGroup()) {
            acceptor.execute(new Watch((SingleThreadEventLoop) acceptor));
        }
    }

    /** Returns the number of new servers found. */
    private int findServers(SingleThreadEventLoop acceptor) {
        int found = 0;
        for (Iterator<Channel> channels = acceptor.registeredChannelsIterator(); channels.hasNext(); ) {
            Channel channel = channels.next();
            if (channel instanceof ServerChannel && !isWatched(channel)) {
                if (channel.pipeline().get(NAME) != null) {
                    channel.pipeline().remove(NAME);
                }
                channel.pipeline().addFirst(NAME, new Accepted());
                bound.add(channel);
                found++;
            }
        }
        return found;
    }

    private boolean isWatched(Channel server) {
        return server.pipeline().get(NAME) instanceof Accepted accepted && accepted.owner() == this;
    }

    private LoopState loop(EventLoop loop) {
        return loops.computeIfAbsent(
                loop,
                missing -> new LoopState(
                        new WaitingConnections(loop, config.headerTimeout().toNanos(), boundOfLoop(), System::nanoTime),
                        new FrameBudget(FRAME_BURST, FRAMES_PER_SECOND, System::nanoTime),
                        rejected,
                        requests));
    }

    private int boundOfLoop() {
        int loopCount = 0;
        for (Iterator<EventExecutor> all = vertx.getEventLoopGroup().iterator(); all.hasNext(); all.next()) {
            loopCount++;
        }
        return Math.max(1, config.maxWaitingConnections().orElseGet(AcceptedConnections::shareOfFiles) / loopCount);
    }

    private static int shareOfFiles() {
        return Math.max(LEAST_BOUND, maxFiles() / FILE_SHARE);
    }

    private static int maxFiles() {
        return system().map(UnixOperatingSystemMXBean::getMaxFileDescriptorCount)
                .map(files -> (int) Math.min(Integer.MAX_VALUE, files))
                .orElse(Integer.MAX_VALUE);
    }

    /** Descriptors left for connections. Those open now belong to the process and stay open. */
    private static int filesForConnections() {
        long open = system().map(UnixOperatingSystemMXBean::getOpenFileDescriptorCount)
                .orElse(0L);
        return (int) Math.max(LEAST_CONNECTIONS, maxFiles() - open - RESERVED_FILES);
    }

    private static Optional<UnixOperatingSystemMXBean> system() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? Optional.of(system)
                : Optional.empty();
    }

    /** Poll for a server that is about to listen. */
    private final class Watch implements Runnable {
        private final SingleThreadEventLoop acceptor;
        private final long began = System.nanoTime();

        Watch(SingleThreadEventLoop acceptor) {
            this.acceptor = acceptor;
        }

        @Override
        public void run() {
            long nanos = System.nanoTime() - began;
            if (findServers(acceptor) > 0 || nanos > WATCH.toNanos()) {
                return;
            }
            if (nanos < BUSY_WATCH.toNanos()) {
                acceptor.execute(this);
            } else {
                acceptor.schedule(this, WATCH_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Server handler before the one that registers accepted connections with their event loops. */
    @Sharable
    private final class Accepted extends ChannelInboundHandlerAdapter {
        AcceptedConnections owner() {
            return AcceptedConnections.this;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (msg instanceof Channel accepted) {
                bound.accepted(accepted);
                accepted.pipeline().addFirst(new ConnectionSetup(accepted, states, options));
            }
            ctx.fireChannelRead(msg);
        }
    }
}
