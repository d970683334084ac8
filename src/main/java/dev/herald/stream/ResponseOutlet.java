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
    private final ChunkCache frames;
    private final StreamCoding coding;
    private final SocketBudget budget;
    private final StreamStats counts;
    private final Runnable whenClosed;
    private final long openedAt = System.nanoTime();
    private Subscriber subscriber;
    private long waiting;
    private long stalledSince;
    private long bytes;
    private boolean heldBack;
    private boolean over;

    /**
     * @param context the request; the head of its response must have been written
     * @param whenClosed called when the hub ends the stream, to end the response
     */
    ResponseOutlet(
            RoutingContext context,
            ChunkCache frames,
            StreamCoding coding,
            SocketBudget budget,
            StreamStats counts,
            Runnable whenClosed) {
        this.context = context;
        this.response = context.response();
        this.frames = frames;
        this.coding = coding;
        this.budget = budget;
        this.counts = counts;
        this.whenClosed = whenClosed;
        counts.opened(StreamStats.Way.PLAIN);
        write(coding.head());
    }

    /** Sets the subscriber to notify when the connection is writable again. */
    void serve(Subscriber served) {
        subscriber = served;
        if (!gone()) {
            response.setWriteQueueMaxSize(HIGH_WATER_BYTES);
            response.drainHandler(drained -> served.resume());
        }
    }

    /** Must be called when the connection or the response has ended. Idempotent. */
    void ended() {
        if (over) {
            return;
        }
        over = true;
        counts.ended(StreamStats.Way.PLAIN, openedAt, bytes);
        if (subscriber != null) {
            subscriber.cancel();
        }
    }

    private void write(byte[] around) {
        if (around.length > 0 && !gone()) {
            bytes += around.length;
            writePart(Unpooled.wrappedBuffer(around));
        }
    }

    @Override
    public void write(List<Frame> written, boolean shared) {
        if (gone()) {
            return;
        }
        try {
            frames.chunks(written, shared).forEach(this::send);
        } catch (OutOfMemoryError e) {
            LOG.warn("A stream was cut off, since there is no memory left for its data. Its client resumes by id.");
            cut();
        }
    }

    private void send(SharedChunk chunk) {
        coding.wrote(chunk);
        ByteBuf content = chunk.content();
        bytes += content.readableBytes();
        boolean given = false;
        try {
            while (content.readableBytes() > MAX_PART_BYTES) {
                writePart(content.readRetainedSlice(MAX_PART_BYTES));
            }
            given = true;
        } finally {
            if (!given) {
                content.release();
            }
        }
        writePart(content);
    }

    private void writePart(ByteBuf part) {
        long size = part.readableBytes();
        stalledSince = waiting == 0 ? System.nanoTime() : stalledSince;
        waiting += size;
        budget.take(size);
        boolean given = false;
        try {
            // A failed write is a lost connection: the close handler notifies the lane.
            response.write(BufferImpl.buffer(part), written -> {
                // Vert.x releases only its own buffers.
                part.release();
                settle(size);
            });
            given = true;
        } finally {
            if (!given) {
                part.release();
                waiting -= size;
                budget.giveBack(size);
            }
        }
    }

    private void settle(long size) {
        waiting -= size;
        stalledSince = System.nanoTime();
        budget.giveBack(size);
        if (heldBack && waiting == 0) {
            heldBack = false;
            subscriber.resume();
        }
    }

    @Override
    public boolean writable() {
        if (gone() || response.writeQueueFull()) {
            return false;
        }
        boolean exhausted = waiting > 0 && budget.exhausted();
        // A repeated call must not lose the pending notification.
        heldBack |= exhausted;
        return !exhausted;
    }

    @Override
    public long stalledNanos(long now) {
        return waiting == 0 ? 0 : now - stalledSince;
    }

    @Override
    public void close() {
        if (!gone()) {
            write(coding.trailer());
            whenClosed.run();
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

    private boolean gone() {
        return response.ended() || response.closed();
    }
}
