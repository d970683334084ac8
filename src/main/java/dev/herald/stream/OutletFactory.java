package dev.herald.stream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.sse.OutboundSseEvent;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollChannelOption;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;

import dev.herald.hub.Outlet;
import dev.herald.hub.SseConfig;
import dev.herald.hub.Subscriber;

/**
 * Factory of outlets, which selects the outlet of each stream: {@link RawHttp1Outlet} if the connection has the
 * HTTP/1.1 pipeline of Vert.x, else {@link ResponseOutlet} (decision 060). Thread-safe.
 */
@ApplicationScoped
public class OutletFactory {
    private static final int BEFORE_ALL_OTHERS = 10_001;
    private static final String CLOSE = "close";
    private static final Logger LOG = Logger.getLogger(OutletFactory.class);

    private final SocketBudget budget;
    private final StreamStats stats;
    private final boolean compression;
    private final int writeTimeoutMillis;
    private final Map<CacheKey, ChunkCache> caches = new ConcurrentHashMap<>();

    OutletFactory(SocketBudget budget, StreamStats stats, SseConfig config) {
        this.budget = budget;
        this.stats = stats;
        this.compression = config.compression();
        this.writeTimeoutMillis =
                (int) Math.min(Integer.MAX_VALUE, config.writeTimeout().toMillis());
    }

    void register(@Observes Filters filters) {
        filters.register(OutletFactory::dropAfterStream, BEFORE_ALL_OTHERS);
    }

    /**
     * Drops a request pipelined after that of a stream which has taken over the connection. {@code Connection: close}
     * has announced that no other response follows (RFC 9112 §9.6), so the request has no effect and publishes nothing.
     */
    private static void dropAfterStream(RoutingContext context) {
        if (context.request().version() != HttpVersion.HTTP_1_1
                || connection(context).channel().pipeline().get(RawHttp1Outlet.class) == null) {
            context.next();
        }
    }

    /** Selects the transport of a stream. Must be called before the head is written, on the connection's loop. */
    public StreamTransport select(RoutingContext context) {
        return new StreamTransport(
                mayTakeOver(context),
                compression ? ContentCoding.preferred(context.request()) : ContentCoding.IDENTITY);
    }

    /**
     * Sets the headers for the stream's coding and its end. Must be called before the head is written, on the
     * connection's loop.
     */
    public void announce(RoutingContext context, StreamTransport transport) {
        if (compression) {
            context.response().headers().add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
            transport.coding().announce(context.response());
        }
        if (context.request().version() == HttpVersion.HTTP_1_0) {
            // HTTP/1.0 has no chunks: only closing the connection marks the end of the stream.
            context.response().putHeader(HttpHeaders.CONNECTION, CLOSE);
            context.addEndHandler(ended -> context.request().connection().close());
        } else if (transport.takesOver()) {
            context.response().putHeader(HttpHeaders.CONNECTION, CLOSE);
        }
    }

    /**
     * Opens a stream on a response whose head has been written. Must be called on the connection's loop.
     *
     * @param transport as selected for this request and announced in the head
     * @param emitter completes the response
     * @param hub opens the stream on the given loop and outlet; called on that loop, at once or later, unless the
     *     client has disconnected by then
     */
    public void open(
            RoutingContext context,
            StreamTransport transport,
            MultiEmitter<? super OutboundSseEvent> emitter,
            BiFunction<EventLoop, Outlet, Subscriber> hub) {
        setUserTimeout(connection(context).channel());
        if (transport.takesOver()) {
            // Deferred: the loop is still writing the head, and may still be reading the request.
            connection(context).getContext().runOnContext(later -> takeOver(context, transport, emitter, hub));
        } else {
            openPlain(context, transport, emitter, hub);
        }
    }

    /**
     * Closes the connection when sent bytes are not acknowledged for the write timeout (decision 121). After a network
     * failure, small frames fit into the kernel's buffer for minutes, so no backlog is visible here. NIO does not
     * support this option and ignores it.
     */
    private void setUserTimeout(Channel channel) {
        try {
            channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, writeTimeoutMillis);
        } catch (ChannelException closed) {
            LOG.debugf("A connection was closed before its stream began. reason=%s", closed.getMessage());
        }
    }

    private void takeOver(
            RoutingContext context,
            StreamTransport transport,
            MultiEmitter<? super OutboundSseEvent> emitter,
            BiFunction<EventLoop, Outlet, Subscriber> hub) {
        if (emitter.isCancelled() || context.response().closed()) {
            return;
        }
        Channel channel = connection(context).channel();
        boolean open = false;
        try {
            openChunked(context, transport, emitter, hub);
            // The coding's head and the first event in one system call.
            channel.flush();
            open = true;
        } finally {
            if (!open) {
                // The head is sent: the client would wait for ever for a stream that could not be opened.
                Http1Pipeline.cut(channel.pipeline());
            }
        }
    }

    private void openChunked(
            RoutingContext context,
            StreamTransport transport,
            MultiEmitter<? super OutboundSseEvent> emitter,
            BiFunction<EventLoop, Outlet, Subscriber> hub) {
        Channel channel = connection(context).channel();
        ContentCoding coding = transport.coding();
        RawHttp1Outlet outlet = new RawHttp1Outlet(
                cache(channel, coding), coding.stream(), budget, stats, connection(context).voidPromise);
        Http1Pipeline.insert(channel.pipeline(), outlet);
        if (outlet.takeOver(emitter::complete)) {
            outlet.serve(hub.apply(channel.eventLoop(), outlet));
        }
    }

    private void openPlain(
            RoutingContext context,
            StreamTransport transport,
            MultiEmitter<? super OutboundSseEvent> emitter,
            BiFunction<EventLoop, Outlet, Subscriber> hub) {
        Channel channel = connection(context).channel();
        ContentCoding coding = transport.coding();
        ResponseOutlet outlet =
                new ResponseOutlet(context, cache(channel, coding), coding.stream(), budget, stats, emitter::complete);
        emitter.onTermination(outlet::ended);
        boolean open = false;
        try {
            outlet.serve(hub.apply(channel.eventLoop(), outlet));
            open = true;
        } finally {
            if (!open) {
                outlet.cut();
            }
        }
        if (context.response().closed()) {
            // No termination event follows.
            outlet.ended();
        }
    }

    /**
     * Whether the stream can take over the connection. Not if a body is announced that has not arrived completely:
     * {@link BodyReader} must see its end.
     */
    private static boolean mayTakeOver(RoutingContext context) {
        HttpServerRequest request = context.request();
        return request.version() == HttpVersion.HTTP_1_1
                && !request.method().equals(HttpMethod.HEAD)
                && (request.isEnded() || hasNoBody(request))
                && Http1Pipeline.isKnown(connection(context).channel().pipeline());
    }

    private static boolean hasNoBody(HttpServerRequest request) {
        return !request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
                && request.headers().getAll(HttpHeaders.CONTENT_LENGTH).stream().allMatch("0"::equals);
    }

    /** The loop to which the request's connection belongs. */
    public static EventLoop loop(RoutingContext context) {
        return connection(context).channel().eventLoop();
    }

    private static ConnectionBase connection(RoutingContext context) {
        return (ConnectionBase) context.request().connection();
    }

    private ChunkCache cache(Channel channel, ContentCoding coding) {
        return caches.computeIfAbsent(
                new CacheKey(channel.eventLoop(), coding), missing -> new ChunkCache(coding.coder(channel.alloc())));
    }

    /** Bytes that all streams have written since the start, gzip and chunk framing included. Thread-safe. */
    public long writtenBytes() {
        return caches.values().stream().mapToLong(ChunkCache::written).sum();
    }

    @PreDestroy
    void releaseCaches() {
        caches.forEach((key, cache) -> {
            if (!key.loop.isShuttingDown()) {
                key.loop.execute(cache::clear);
            }
        });
    }

    /** Key of the streams that can share bytes. */
    private record CacheKey(EventLoop loop, ContentCoding coding) {}
}
