package dev.herald.stream;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.buffer.impl.BufferImpl;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;

import dev.herald.event.Frame;
import dev.herald.hub.Outlet;
import dev.herald.hub.Subscriber;

/**
 * Portable outlet through {@code HttpServerResponse.write}, for HTTP/1.0, HTTP/1.1 and HTTP/2, in clear text and over
 * TLS, with any pipeline. Belongs to the connection's event loop.
 */
public final class ResponseOutlet implements Outlet {
    /** Bytes that may wait for one connection before it is not writable: enough to keep a socket busy. */
    private static final int HIGH_WATER_BYTES = 64 << 10;

    /** A larger write is split into parts, so that a slow client's progress is visible. */
    private static final int MAX_PART_BYTES = 16 << 10;

    private static final Logger LOG = Logger.getLogger(ResponseOutlet.class);

    private final RoutingContext context;
    private final HttpServerResponse response;
    private final ChunkCache chunkCache;
    private final StreamCoding coding;
    private final SocketBudget budget;
    private final StreamStats stats;
    private final Runnable onClose;
    private final long openedAt = System.nanoTime();
    private Subscriber subscriber;
    private long waiting;
    private long stalledSince;
    private long bytes;
    private boolean resumePending;
    private boolean terminated;

    /**
     * @param context the request; the head of its response must have been written
     * @param onClose called when the hub ends the stream, to end the response
     */
    ResponseOutlet(
            RoutingContext context,
            ChunkCache chunkCache,
            StreamCoding coding,
            SocketBudget budget,
            StreamStats stats,
            Runnable onClose) {
        this.context = context;
        this.response = context.response();
        this.chunkCache = chunkCache;
        this.coding = coding;
        this.budget = budget;
        this.stats = stats;
        this.onClose = onClose;
        stats.opened(StreamStats.OutletKind.RESPONSE);
        write(coding.head());
    }

    /** Sets the subscriber to notify when the connection is writable again. */
    void serve(Subscriber served) {
        subscriber = served;
        if (!isEnded()) {
            response.setWriteQueueMaxSize(HIGH_WATER_BYTES);
            response.drainHandler(drained -> served.resume());
        }
    }

    /** Must be called when the connection or the response has ended. Idempotent. */
    void ended() {
        if (terminated) {
            return;
        }
        terminated = true;
        stats.ended(StreamStats.OutletKind.RESPONSE, openedAt, bytes);
        if (subscriber != null) {
            subscriber.cancel();
        }
    }

    private void write(byte[] codingBytes) {
        if (codingBytes.length > 0 && !isEnded()) {
            count(codingBytes.length);
            writePart(Unpooled.wrappedBuffer(codingBytes));
        }
    }

    @Override
    public void write(List<Frame> written, boolean shared) {
        if (isEnded()) {
            return;
        }
        try {
            chunkCache.chunks(written, shared).forEach(this::send);
        } catch (OutOfMemoryError e) {
            LOG.warn("A stream was cut off, since there is no memory left for its data. Its client resumes by id.");
            cut();
        }
    }

    private void send(SharedChunk chunk) {
        coding.chunkWritten(chunk);
        ByteBuf content = chunk.content();
        count(content.readableBytes());
        boolean handedOver = false;
        try {
            while (content.readableBytes() > MAX_PART_BYTES) {
                writePart(content.readRetainedSlice(MAX_PART_BYTES));
            }
            handedOver = true;
        } finally {
            if (!handedOver) {
                content.release();
            }
        }
        writePart(content);
    }

    private void count(long written) {
        bytes += written;
        chunkCache.countWritten(written);
    }

    private void writePart(ByteBuf part) {
        long size = part.readableBytes();
        stalledSince = waiting == 0 ? System.nanoTime() : stalledSince;
        waiting += size;
        budget.acquire(size);
        boolean handedOver = false;
        try {
            // A failed write is a lost connection: the close handler notifies the lane.
            response.write(BufferImpl.buffer(part), written -> {
                // Vert.x releases only its own buffers.
                part.release();
                writeCompleted(size);
            });
            handedOver = true;
        } finally {
            if (!handedOver) {
                part.release();
                waiting -= size;
                budget.release(size);
            }
        }
    }

    private void writeCompleted(long size) {
        waiting -= size;
        stalledSince = System.nanoTime();
        budget.release(size);
        if (resumePending && waiting == 0) {
            resumePending = false;
            subscriber.resume();
        }
    }

    @Override
    public boolean writable() {
        if (isEnded() || response.writeQueueFull()) {
            return false;
        }
        boolean exhausted = waiting > 0 && budget.exhausted();
        // A repeated call must not lose the pending notification.
        resumePending |= exhausted;
        return !exhausted;
    }

    @Override
    public long pendingBytes() {
        return waiting;
    }

    @Override
    public long stalledNanos(long now) {
        return waiting == 0 ? 0 : now - stalledSince;
    }

    @Override
    public void close() {
        if (!isEnded()) {
            write(coding.trailer());
            onClose.run();
            if (waiting > 0) {
                context.vertx().setTimer(SocketBudget.LINGER.toMillis(), late -> cutIfWaiting());
            }
        }
    }

    /** Cuts only if bytes still wait: otherwise the connection may already carry another response. */
    private void cutIfWaiting() {
        if (waiting > 0) {
            cut();
        }
    }

    @Override
    public void cut() {
        cut(context.request());
    }

    /**
     * Cuts off a response that its client does not read. Over HTTP/2 only the stream is reset, since the connection
     * carries others. It is reset below Vert.x, whose own reset does nothing once the response has ended, even if bytes
     * still wait.
     */
    public static void cut(HttpServerRequest request) {
        ChannelHandlerContext connection = ((HttpServerConnection) request.connection()).channelHandlerContext();
        if (!(connection.handler() instanceof Http2ConnectionHandler http2)) {
            Http1Pipeline.cut(connection.pipeline());
        } else if (http2.connection().stream(request.response().streamId()) != null) {
            http2.resetStream(
                    connection, request.response().streamId(), Http2Error.CANCEL.code(), connection.newPromise());
            connection.flush();
        }
    }

    private boolean isEnded() {
        return response.ended() || response.closed();
    }
}
