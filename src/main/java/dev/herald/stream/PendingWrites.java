package dev.herald.stream;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * Accounting of bytes that wait for a slow client. Exists only while bytes wait, so that other streams pay nothing for
 * it. Belongs to the connection's event loop.
 */
final class PendingWrites {
    private final ChannelHandlerContext context;
    private final SocketBudget budget;
    private final Runnable whenGone;
    private long charged;
    private Object first;
    private long firstTaken;
    private long stalledSince = System.nanoTime();

    /** @param whenGone called once, when no bytes wait any more; not if the connection closes before */
    PendingWrites(ChannelHandlerContext context, SocketBudget budget, Runnable whenGone) {
        this.context = context;
        this.budget = budget;
        this.whenGone = whenGone;
        noticeProgress();
        awaitEnd();
    }

    /** Whether the channel has pending writes. */
    static boolean exists(Channel channel) {
        return waiting(channel) > 0;
    }

    private static long waiting(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null || buffer.isEmpty() ? 0 : buffer.totalPendingWriteBytes();
    }

    /** Charges the budget for pending bytes. Call it after each write. */
    void charge() {
        charge(waiting(context.channel()));
    }

    private void charge(long waiting) {
        budget.take(waiting - charged);
        charged = waiting;
    }

    /** Writes an empty marker behind the pending bytes: when it is sent, so are they. */
    private void awaitEnd() {
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(gone -> {
            charge();
            if (!gone.isSuccess()) {
                return;
            }
            if (charged == 0) {
                whenGone.run();
            } else {
                awaitEnd();
            }
        });
    }

    /** Time without progress, in nanoseconds. Progress is only sampled by calls of this method. */
    long stalledNanos(long now) {
        if (noticeProgress()) {
            stalledSince = now;
        }
        return now - stalledSince;
    }

    private boolean noticeProgress() {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        Object nowFirst = buffer == null ? null : buffer.current();
        long nowTaken = buffer == null ? 0 : buffer.currentProgress();
        boolean progress = nowFirst != first || nowTaken != firstTaken;
        first = nowFirst;
        firstTaken = nowTaken;
        return progress;
    }
}
