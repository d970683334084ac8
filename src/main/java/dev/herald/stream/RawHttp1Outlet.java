package dev.herald.stream;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.VoidChannelPromise;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jboss.logging.Logger;

import dev.herald.event.Frame;
import dev.herald.hub.Outlet;
import dev.herald.hub.Subscriber;

/**
 * Fast outlet for HTTP/1.1, in clear text and over TLS. Writes shared buffers, chunk framing included, below the HTTP
 * encoder. Belongs to the connection's event loop.
 *
 * <p>It takes over the connection in the middle of a response. Vert.x completes its response and releases the request;
 * the final chunk that it writes is discarded. The head has {@code Connection: close}: the connection carries only this
 * stream, and further input from the client is discarded (RFC 9112 §9.6).
 */
final class RawHttp1Outlet extends ChannelDuplexHandler implements Outlet {
    private static final Logger LOG = Logger.getLogger(RawHttp1Outlet.class);
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ChunkCache frames;
    private final StreamCoding coding;
    private final SocketBudget budget;
    private final StreamStats counts;
    private final long openedAt = System.nanoTime();
    private final ChannelPromise unobserved;
    private ChannelHandlerContext context;
    private Subscriber subscriber;
    private PendingWrites backlog;
    private long bytes;
    private boolean takingOver;
    private boolean taken;
    private boolean ended;
    private boolean heldBack;

    /** @param unobserved the connection's void promise: a failed write closes the channel, which is observed instead */
    RawHttp1Outlet(
            ChunkCache frames,
            StreamCoding coding,
            SocketBudget budget,
            StreamStats counts,
            VoidChannelPromise unobserved) {
        this.frames = frames;
        this.coding = coding;
        this.budget = budget;
        this.counts = counts;
        this.unobserved = unobserved;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    /**
     * Takes over the connection.
     *
     * @param answered completes the response of Vert.x, which must then write its final chunk
     * @return whether Vert.x wrote it; if not, the connection is closed
     */
    boolean takeOver(Runnable answered) {
        takingOver = true;
        try {
            answered.run();
        } finally {
            takingOver = false;
            if (taken) {
                Http1Pipeline.removeHttp(context.pipeline());
                context.channel().config().setAutoRead(true);
                counts.opened(StreamStats.Way.CHUNKED);
                begin();
            } else {
                LOG.error("A stream was cut off, since Vert.x did not release its connection.");
                context.close();
            }
        }
        return taken;
    }

    private void begin() {
        try {
            write(coding.head());
            context.flush();
        } catch (OutOfMemoryError e) {
            cutForLackOfMemory();
        }
    }

    /** Sets the subscriber to notify when the connection is writable again, and when it has ended. */
    void serve(Subscriber served) {
        subscriber = served;
        if (heldBack && writable()) {
            served.resume();
        }
    }

    private void write(byte[] around) {
        if (around.length > 0) {
            SharedChunk chunk = SharedChunk.of(around, context.alloc());
            bytes += chunk.size();
            context.write(chunk.framed(), unobserved);
            chunk.release();
        }
    }

    @Override
    public void write(List<Frame> written, boolean shared) {
        if (ended) {
            return;
        }
        try {
            send(frames.chunks(written, shared));
        } catch (OutOfMemoryError e) {
            cutForLackOfMemory();
        }
    }

    private void cutForLackOfMemory() {
        LOG.warn("A stream was cut off, since there is no memory left for its data. Its client resumes by id.");
        cut();
    }

    private void send(List<SharedChunk> chunks) {
        for (int i = 0; i < chunks.size(); i++) {
            SharedChunk chunk = chunks.get(i);
            bytes += chunk.size();
            coding.wrote(chunk);
            context.write(chunk.framed(), unobserved);
        }
        context.flush();
        if (backlog == null && PendingWrites.exists(context.channel())) {
            backlog = new PendingWrites(context, budget, this::caughtUp);
        }
        if (backlog != null) {
            backlog.charge();
        }
    }

    private void caughtUp() {
        backlog = null;
        resume();
    }

    private void resume() {
        if (heldBack && !ended && subscriber != null) {
            heldBack = false;
            subscriber.resume();
        }
    }

    @Override
    public boolean writable() {
        boolean takes = !ended && context.channel().isWritable() && (backlog == null || !budget.exhausted());
        // A repeated call must not lose the pending notification.
        heldBack |= !ended && !takes;
        return takes;
    }

    @Override
    public long stalledNanos(long now) {
        return backlog == null ? 0 : backlog.stalledNanos(now);
    }

    @Override
    public void close() {
        if (ended) {
            return;
        }
        ended = true;
        try {
            end();
        } catch (OutOfMemoryError e) {
            cutForLackOfMemory();
        }
    }

    private void end() {
        write(coding.trailer());
        ByteBuf last = context.alloc().buffer(LAST_CHUNK.length).writeBytes(LAST_CHUNK);
        ChannelFuture gone = context.writeAndFlush(last).addListener(done -> context.close());
        if (!gone.isDone()) {
            context.executor().schedule(this::cut, SocketBudget.LINGER.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void cut() {
        ended = true;
        Http1Pipeline.cut(context.pipeline());
    }

    /** Intercepts writes of Vert.x: during the takeover, the final chunk; later, only the write before its close. */
    @Override
    public void write(ChannelHandlerContext writing, Object message, ChannelPromise promise) {
        boolean empty = message instanceof ByteBuf buffer && !buffer.isReadable();
        if (takingOver && message instanceof LastHttpContent) {
            taken = true;
            ReferenceCountUtil.release(message);
            promise.trySuccess();
        } else if (takingOver && empty) {
            // Vert.x would close the connection after this write. That happens when the stream ends.
            ReferenceCountUtil.release(message);
        } else if (empty) {
            writing.write(message, promise);
        } else {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new IllegalStateException("The connection carries a stream and no other answer."));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext reading, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext changed) {
        if (changed.channel().isWritable()) {
            resume();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext inactive) {
        ended = true;
        try {
            if (backlog != null) {
                // Releases the budget: no bytes wait any more, even if no write reported that.
                backlog.charge();
            }
            if (taken) {
                counts.ended(StreamStats.Way.CHUNKED, openedAt, bytes);
            }
            if (subscriber != null) {
                subscriber.cancel();
            }
        } finally {
            inactive.fireChannelInactive();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext failed, Throwable cause) {
        LOG.debugf("A connection was lost. reason=%s", cause.getMessage());
        failed.close();
    }
}
