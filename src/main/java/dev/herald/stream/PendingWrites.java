package dev.herald.stream;

import java.util.function.Consumer;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * Accounting of the pending bytes of a slow client. Exists only while bytes are pending, so that it costs other streams
 * nothing. Belongs to the connection's event loop.
 */
final class PendingWrites {
    private final ChannelHandlerContext context;
    private final SocketBudget budget;
    private final Runnable onDrained;
    private final Consumer<Throwable> onLost;
    private long charged;
    private Object first;
    private long firstProgress;
    private long stalledSince = System.nanoTime();

    /**
     * @param onDrained called once no bytes are pending; not if the connection closes before
     * @param onLost called with the reason if the pending bytes cannot be sent
     */
    PendingWrites(ChannelHandlerContext context, SocketBudget budget, Runnable onDrained, Consumer<Throwable> onLost) {
        this.context = context;
        this.budget = budget;
        this.onDrained = onDrained;
        this.onLost = onLost;
        detectProgress();
        awaitDrain();
    }

    /** Whether the channel has pending writes. */
    static boolean exists(Channel channel) {
        return bytes(channel) > 0;
    }

    /** Bytes of the channel that are pending. */
    static long bytes(Channel channel) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null || buffer.isEmpty() ? 0 : buffer.totalPendingWriteBytes();
    }

    /** Charges the budget for pending bytes. Call it after each write. */
    void charge() {
        charge(bytes(context.channel()));
    }

    private void charge(long pendingBytes) {
        budget.acquire(pendingBytes - charged);
        charged = pendingBytes;
    }

    /** Writes an empty marker behind the pending bytes: when it is sent, so are they. */
    private void awaitDrain() {
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> {
            charge();
            if (!sent.isSuccess()) {
                onLost.accept(sent.cause());
                return;
            }
            if (charged == 0) {
                onDrained.run();
            } else {
                awaitDrain();
            }
        });
    }

    /** Time without progress, in nanoseconds. Progress is only sampled by calls of this method. */
    long stalledNanos(long now) {
        if (detectProgress()) {
            stalledSince = now;
        }
        return now - stalledSince;
    }

    private boolean detectProgress() {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        Object nowFirst = buffer == null ? null : buffer.current();
        long nowProgress = buffer == null ? 0 : buffer.currentProgress();
        boolean progress = nowFirst != first || nowProgress != firstProgress;
        first = nowFirst;
        firstProgress = nowProgress;
        return progress;
    }
}
