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

    private final ChunkCache chunkCache;
    private final StreamCoding coding;
    private final SocketBudget budget;
    private final StreamStats stats;
    private final long openedAt = System.nanoTime();
    private final ChannelPromise voidPromise;
    private ChannelHandlerContext context;
    private Subscriber subscriber;
    private PendingWrites backlog;
    private long bytes;
    private boolean takingOver;
    private boolean takenOver;
    private boolean ended;
    private boolean resumePending;

    /**
     * @param voidPromise void promise of the connection: a failed write closes the channel, which is handled instead
     */
    RawHttp1Outlet(
            ChunkCache chunkCache,
            StreamCoding coding,
            SocketBudget budget,
            StreamStats stats,
            VoidChannelPromise voidPromise) {
        this.chunkCache = chunkCache;
        this.coding = coding;
        this.budget = budget;
        this.stats = stats;
        this.voidPromise = voidPromise;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    /**
     * Takes over the connection. The caller flushes it.
     *
     * @param completion completes the response of Vert.x, which must then write its final chunk
     * @return whether Vert.x wrote it; if not, the connection is closed
     */
    boolean takeOver(Runnable completion) {
        takingOver = true;
        try {
            completion.run();
        } finally {
            takingOver = false;
            if (takenOver) {
                Http1Pipeline.removeHttp(context.pipeline());
                context.channel().config().setAutoRead(true);
                stats.opened(StreamStats.OutletKind.RAW_HTTP1);
                begin();
            } else {
                LOG.error("A stream was cut off, since Vert.x did not release its connection.");
                context.close();
            }
        }
        return takenOver;
    }

    private void begin() {
        try {
            write(coding.head());
        } catch (OutOfMemoryError e) {
            cutForLackOfMemory();
        }
    }

    /** Sets the subscriber to notify when the connection is writable again, and when it has ended. */
    void serve(Subscriber served) {
        subscriber = served;
        if (resumePending && writable()) {
            served.resume();
        }
    }

    private void write(byte[] codingBytes) {
        if (codingBytes.length > 0) {
            SharedChunk chunk = SharedChunk.of(codingBytes, context.alloc());
            count(chunk.size());
            context.write(chunk.framed(), voidPromise);
            chunk.release();
        }
    }

    @Override
    public void write(List<Frame> written, boolean shared) {
        if (ended) {
            return;
        }
        try {
            send(chunkCache.chunks(written, shared));
        } catch (OutOfMemoryError e) {
            cutForLackOfMemory();
        }
    }

    private void cutForLackOfMemory() {
        LOG.warn("A stream was cut off, since there is no memory left for its data. Its client resumes by id.");
        cut();
    }

    private void send(List<SharedChunk> chunks) {
        long sent = 0;
        for (int i = 0; i < chunks.size(); i++) {
            SharedChunk chunk = chunks.get(i);
            sent += chunk.size();
            coding.chunkWritten(chunk);
            context.write(chunk.framed(), voidPromise);
        }
        count(sent);
        context.flush();
        if (backlog == null && PendingWrites.exists(context.channel())) {
            backlog = new PendingWrites(context, budget, this::backlogDrained, this::lost);
        }
        if (backlog != null) {
            backlog.charge();
        }
    }

    private void count(long written) {
        bytes += written;
        chunkCache.countWritten(written);
    }

    /** Records that the connection was lost, which then closes. */
    private void lost(Throwable cause) {
        if (subscriber != null && StreamStats.isTimeout(cause)) {
            subscriber.markVanished();
        }
    }

    private void backlogDrained() {
        backlog = null;
        resume();
    }

    private void resume() {
        if (resumePending && !ended && subscriber != null) {
            resumePending = false;
            subscriber.resume();
        }
    }

    @Override
    public boolean writable() {
        boolean canWrite = !ended && context.channel().isWritable() && (backlog == null || !budget.exhausted());
        // A repeated call must not lose the pending notification.
        resumePending |= !ended && !canWrite;
        return canWrite;
    }

    @Override
    public long stalledNanos(long now) {
        return backlog == null ? 0 : backlog.stalledNanos(now);
    }

    @Override
    public long pendingBytes() {
        return PendingWrites.bytes(context.channel());
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
        ChannelFuture sent = context.writeAndFlush(last).addListener(done -> context.close());
        if (!sent.isDone()) {
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
            takenOver = true;
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
                // Releases the budget: no bytes are pending any more, even if no write reported that.
                backlog.charge();
            }
            if (takenOver) {
                stats.ended(StreamStats.OutletKind.RAW_HTTP1, openedAt, bytes);
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
        lost(cause);
        failed.close();
    }
}
