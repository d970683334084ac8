package dev.herald.stream;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * What waits for a client that takes less than it is given. There is one only while something waits, so that all others
 * pay nothing for it. Belongs to the connection's event loop.
 */
final class PendingWrites {
    private final ChannelHandlerContext context;
    private final SocketBudget budget;
    private final Runnable whenGone;
    private long charged;
    private Object first;
    private long firstTaken;
    private long stalledSince = System.nanoTime();

    /** @param whenGone called once, when nothing waits any more; not when the connection ends before */
    PendingWrites(ChannelHandlerContext context, SocketBudget budget, Runnable whenGone) {
        this.context = context;
        this.budget = budget;
        this.whenGone = whenGone;
        noticeProgress();
        awaitEnd();
    }

    /** Whether the channel has been given more than the client has taken. */
    static boolean exists(Channel channel) {
        return waiting(channel) > 0;
    }

    private static long waiting(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null || buffer.isEmpty() ? 0 : buffer.totalPendingWriteBytes();
    }

    /** To be called when more has been written. */
    void charge() {
        charge(waiting(context.channel()));
    }

    private void charge(long waiting) {
        budget.take(waiting - charged);
        charged = waiting;
    }

    /** A mark behind what waits now: when it has gone, so has all that was before it. */
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

    /** For how long nothing of it has been taken, in nanoseconds, as far as that is seen at the calls. */
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
