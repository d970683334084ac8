package dev.herald.connection;

import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;

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

import dev.herald.limit.Limits;
import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.stats.ConnectionCounter;
import dev.herald.stats.ConnectionStats;

/**
 * Installer of a {@link ConnectionSetup} in each accepted connection. Neither Vert.x nor Quarkus offers a hook into the
 * pipeline before the first request. So this polls on the acceptor's event loop until the servers listen, and no
 * connection can be accepted before it is installed (decision 101). Thread-safe.
 */
@Singleton
public class AcceptedConnections implements HttpServerOptionsCustomizer {
    private static final String NAME = "herald";
    private static final int FILE_SHARE = 4;
    private static final int MIN_BOUND = 64;

    /** Descriptors reserved for the process itself: log, jars of classes loaded late, keys of issuers. */
    private static final int RESERVED_FILES = 64;

    private static final int MIN_CONNECTIONS = 16;

    /**
     * Burst of HTTP/2 frames of one address on one loop. A closed page resets all its streams, and many pages may be
     * behind one gateway.
     */
    private static final int FRAME_BURST = 500;

    private static final int FRAMES_PER_SECOND = 200;

    /** Duration of polling without a pause; servers usually listen within it. */
    private static final Duration BUSY_POLLING = Duration.ofSeconds(2);

    private static final Duration MAX_POLLING = Duration.ofSeconds(30);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

    /** After observers that open servers to be excluded. */
    private static final int START_PRIORITY = Interceptor.Priority.APPLICATION + 700;

    private final VertxInternal vertx;
    private final ConnectionConfig config;
    private final RejectedRequests rejected;
    private final ConnectionBound bound = new ConnectionBound(AcceptedConnections::filesForConnections);
    private final MemoryBudget requests;
    private final AddressBound addresses;
    private final Map<EventLoop, LoopState> loops = new ConcurrentHashMap<>();
    private final Set<Integer> excluded = ConcurrentHashMap.newKeySet();

    /** One object for all connections. */
    private final Function<EventLoop, LoopState> states = this::loop;

    private volatile HttpServerOptions options = new HttpServerOptions();

    AcceptedConnections(
            Vertx vertx, ConnectionConfig config, RejectedRequests rejected, HeapShares heap, Limits limits) {
        this.vertx = (VertxInternal) vertx;
        this.config = config;
        this.rejected = rejected;
        this.requests = heap.requests();
        this.addresses = new AddressBound(limits.connections());
    }

    /** Installs the setup in servers that already listen. Completes when done, on any thread. */
    public CompletionStage<Void> installNow() {
        List<CompletableFuture<Void>> installed = new ArrayList<>();
        for (EventExecutor acceptor : vertx.getAcceptorEventLoopGroup()) {
            installed.add(CompletableFuture.runAsync(() -> findServers((SingleThreadEventLoop) acceptor), acceptor));
        }
        return CompletableFuture.allOf(installed.toArray(CompletableFuture[]::new));
    }

    /** Counters of all connections. */
    public ConnectionStats stats() {
        Map<ConnectionCounter, Long> ofLoops = new EnumMap<>(ConnectionCounter.class);
        long waitingLimit = 0;
        for (LoopState loop : loops.values()) {
            waitingLimit += loop.waiting().bound();
            for (ConnectionCounter counter : ConnectionCounter.values()) {
                ofLoops.merge(counter, loop.waiting().counters().get(counter), Long::sum);
            }
            ofLoops.merge(ConnectionCounter.PAUSES, loop.frames().pauses(), Long::sum);
        }
        return new ConnectionStats(
                bound.open(),
                bound.limit(),
                bound.accepted(),
                addresses.rejected(),
                !bound.paused(),
                waitingLimit,
                ofLoops);
    }

    /**
     * Leaves WebSockets out of the pipelines of all servers, as Quarkus does before it opens its ports. Vert.x reads the
     * property once, at its first server in the process; with WebSockets, no stream can take its connection. Must precede
     * each server that is opened earlier. On any thread.
     */
    public static void disableWebSockets() {
        System.setProperty("vertx.disableWebsockets", "true");
    }

    /** Excludes the server that listens on this port from all bounds. On any thread. */
    public void exclude(int port) {
        excluded.add(port);
    }

    /** Installs the setup again after a reload in dev mode, which the servers survive. */
    void start(@Observes @Priority(START_PRIORITY) StartupEvent event) {
        for (EventExecutor acceptor : vertx.getAcceptorEventLoopGroup()) {
            acceptor.execute(() -> findServers((SingleThreadEventLoop) acceptor));
        }
    }

    @Override
    public void customizeHttpServer(HttpServerOptions server) {
        options = server;
        pollForServers();
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions server) {
        if (server.getKeyCertOptions() != null) {
            options = server;
            pollForServers();
        }
    }

    private void pollForServers() {
        for (EventExecutor acceptor : vertx.getAcceptorEventLoopGroup()) {
            acceptor.execute(new ServerPoll((SingleThreadEventLoop) acceptor));
        }
    }

    /** Returns the number of new servers found. */
    private int findServers(SingleThreadEventLoop acceptor) {
        int found = 0;
        for (Iterator<Channel> channels = acceptor.registeredChannelsIterator(); channels.hasNext(); ) {
            Channel channel = channels.next();
            if (channel instanceof ServerChannel && !isExcluded(channel) && !isInstalled(channel)) {
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

    private boolean isExcluded(Channel server) {
        return server.localAddress() instanceof InetSocketAddress address && excluded.contains(address.getPort());
    }

    private boolean isInstalled(Channel server) {
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
        return Math.max(MIN_BOUND, maxFiles() / FILE_SHARE);
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
        return (int) Math.max(MIN_CONNECTIONS, maxFiles() - open - RESERVED_FILES);
    }

    private static Optional<UnixOperatingSystemMXBean> system() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? Optional.of(system)
                : Optional.empty();
    }

    /** Polling task that waits for a server to listen. */
    private final class ServerPoll implements Runnable {
        private final SingleThreadEventLoop acceptor;
        private final long startedAt = System.nanoTime();

        ServerPoll(SingleThreadEventLoop acceptor) {
            this.acceptor = acceptor;
        }

        @Override
        public void run() {
            long nanos = System.nanoTime() - startedAt;
            if (findServers(acceptor) > 0 || nanos > MAX_POLLING.toNanos()) {
                return;
            }
            if (nanos < BUSY_POLLING.toNanos()) {
                acceptor.execute(this);
            } else {
                acceptor.schedule(this, POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
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
                if (!addresses.admits(accepted)) {
                    return;
                }
                bound.accepted(accepted);
                accepted.pipeline().addFirst(new ConnectionSetup(accepted, states, options));
            }
            ctx.fireChannelRead(msg);
        }
    }
}
