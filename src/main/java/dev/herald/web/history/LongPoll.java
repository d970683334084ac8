package dev.herald.web.history;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;

import dev.herald.event.Frame;
import dev.herald.hub.Outlet;
import dev.herald.hub.StartPosition;
import dev.herald.hub.Subscriber;
import dev.herald.hub.Subscription;
import dev.herald.web.RosteredStreams;
import dev.herald.web.RosteredStreams.Visitor;

/**
 * Wait of one request for an event: a stream of the hub that ends with its first event, or after a time. So a waiting
 * request costs what a stream costs, has its limits, and needs no thread. Its frames are dropped, since the event is
 * read again as JSON. Belongs to the request's event loop.
 */
final class LongPoll implements Outlet {
    /** First byte of the block of an event, which begins with its id; comments and reconnection times do not. */
    private static final byte BLOCK_OF_EVENT = 'i';

    private final Executor later;
    private final CompletableFuture<Wake> woken = new CompletableFuture<>();
    private Subscriber subscriber;
    private Future<?> timer;
    private long reached;
    private boolean opening = true;
    private boolean done;

    /**
     * @param later enqueues a task on the loop: a stream must not end within a call of the hub
     * @param after position from which it waits for events, exclusive
     */
    LongPoll(Executor later, long after) {
        this.later = later;
        this.reached = after;
    }

    /** Begins to wait. Completes on the loop, unless {@link #leave()} is called before. */
    CompletionStage<Wake> begin(
            RosteredStreams streams, Visitor visitor, EventLoop loop, Subscription subscription, Duration wait) {
        timer = loop.schedule(() -> wake(Cause.ELAPSED), wait.toNanos(), TimeUnit.NANOSECONDS);
        boolean open = false;
        try {
            subscriber = streams.open(visitor, loop, subscription, StartPosition.after(reached), this, () -> {});
            open = true;
        } finally {
            opening = false;
            if (!open) {
                timer.cancel(false);
            }
        }
        return woken;
    }

    /** Ends the wait without completing it: the client has disconnected. Idempotent. */
    void leave() {
        done = true;
        release();
    }

    private void release() {
        if (timer != null) {
            timer.cancel(false);
        }
        if (subscriber != null) {
            subscriber.cancel();
        }
    }

    private void wake(Cause cause) {
        if (done) {
            return;
        }
        if (cause != Cause.EVENT) {
            moveOn();
        }
        done = true;
        later.execute(() -> {
            release();
            woken.complete(new Wake(cause, reached));
        });
    }

    /** Up to here there was no event for this client, so reading begins here. */
    private void moveOn() {
        if (subscriber != null && !done) {
            subscriber.reached().ifPresent(position -> reached = Math.max(reached, position));
        }
    }

    /** Else its own beginning would be the event for which it waits. */
    @Override
    public boolean isSubscription() {
        return false;
    }

    /** Asked before each delivery, when the subscriber has reached the position before it. */
    @Override
    public boolean writable() {
        moveOn();
        return true;
    }

    @Override
    public void write(List<Frame> frames, boolean shared) {
        for (Frame frame : frames) {
            ByteBuffer bytes = frame.bytes();
            if (bytes.hasRemaining() && bytes.get() == BLOCK_OF_EVENT) {
                wake(Cause.EVENT);
            }
        }
    }

    @Override
    public long stalledNanos(long now) {
        return 0;
    }

    @Override
    public long pendingBytes() {
        return 0;
    }

    @Override
    public void close() {
        wake(opening ? Cause.REJECTED : Cause.ENDED);
    }

    @Override
    public void cut() {
        wake(opening ? Cause.REJECTED : Cause.ENDED);
    }

    /**
     * End of a wait.
     *
     * @param reached position up to which there was no event for the client
     */
    record Wake(Cause cause, long reached) {}

    /** Why a wait has ended. */
    enum Cause {
        /** There is an event. */
        EVENT,
        /** The time has elapsed. */
        ELAPSED,
        /** The hub has ended the stream. */
        ENDED,
        /** The hub takes no further stream. */
        REJECTED
    }
}
