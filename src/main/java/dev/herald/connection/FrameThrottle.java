package dev.herald.connection;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Handler that pauses an HTTP/2 client whose {@link FrameBudget} is exhausted, even in the middle of a read. One read
 * of 64 KB may contain 2,000 streams that are opened and reset. Belongs to the connection's event loop.
 */
final class FrameThrottle extends ChannelInboundHandlerAdapter {
    /** About thirty of the shortest requests with their resets. */
    private static final int SLICE_BYTES = 1_024;

    private final FrameBudget budget;

    /** Bytes read before the pause: at most one round of reads. */
    private final Queue<ByteBuf> pending = new ArrayDeque<>();

    private ChannelHandlerContext context;
    private boolean paused;

    /** In nanoseconds, as {@link System#nanoTime()}. */
    private long resumeAt;

    private boolean closed;

    FrameThrottle(FrameBudget budget) {
        this.budget = budget;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Charges the client for one frame. */
    void charge() {
        long pause = budget.acquire(context.channel().remoteAddress());
        if (pause <= 0) {
            return;
        }
        resumeAt = System.nanoTime() + pause;
        if (!paused && !closed) {
            paused = true;
            budget.countPause();
            context.channel().config().setAutoRead(false);
            context.executor().schedule(this::resume, pause, TimeUnit.NANOSECONDS);
        }
    }

    private void resume() {
        // Frames after the one that caused the pause have extended it.
        long left = resumeAt - System.nanoTime();
        if (left > 0) {
            context.executor().schedule(this::resume, left, TimeUnit.NANOSECONDS);
            return;
        }
        paused = false;
        forwardPending();
        if (!paused && !closed) {
            context.fireChannelReadComplete();
            context.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        pending.add((ByteBuf) msg);
        forwardPending();
    }

    private void forwardPending() {
        while (!paused && !closed && !pending.isEmpty()) {
            ByteBuf next = pending.peek();
            if (next.readableBytes() <= SLICE_BYTES) {
                context.fireChannelRead(pending.remove());
            } else {
                context.fireChannelRead(next.readRetainedSlice(SLICE_BYTES));
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        release();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        release();
    }

    private void release() {
        closed = true;
        while (!pending.isEmpty()) {
            pending.remove().release();
        }
    }
}
