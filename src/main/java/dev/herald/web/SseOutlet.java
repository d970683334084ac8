package dev.herald.web;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.impl.BufferImpl;
import io.vertx.core.http.HttpServerResponse;

import dev.herald.event.Frame;
import dev.herald.hub.Outlet;

/**
 * The plain way to the socket: {@code HttpServerResponse.write}, which does for HTTP/1.0, HTTP/1.1 and HTTP/2, in clear
 * text and over TLS. The frames of one turn are one write of shared direct buffers. Belongs to the connection's event
 * loop.
 */
final class SseOutlet implements Outlet {
    /** Bytes that may wait for one connection before it counts as not writable: enough to keep a socket busy. */
    private static final int HIGH_WATER_BYTES = 64 << 10;

    /** A larger write is made in parts, so that a slow client is seen to take some of it. */
    private static final int MAX_PART_BYTES = 16 << 10;

    private final HttpServerResponse response;
    private final DirectFrames buffers;
    private final SocketBudget budget;
    private final Runnable whenClosed;
    private final Runnable whenCut;
    private Runnable whenWritable = () -> {};
    private long waiting;
    private long stalledSince;
    private boolean heldBack;

    /**
     * @param response its head must have been written
     * @param whenClosed called when the hub ends the stream, to end the response
     * @param whenCut called when the hub cuts the stream off, to do so without waiting for the client
     */
    SseOutlet(
            HttpServerResponse response,
            DirectFrames buffers,
            SocketBudget budget,
            Runnable whenClosed,
            Runnable whenCut) {
        this.response = response;
        this.buffers = buffers;
        this.budget = budget;
        this.whenClosed = whenClosed;
        this.whenCut = whenCut;
        response.setWriteQueueMaxSize(HIGH_WATER_BYTES);
        response.drainHandler(drained -> whenWritable.run());
    }

    /** Sets who is told when the connection takes more again. */
    void whenWritable(Runnable listener) {
        whenWritable = listener;
    }

    @Override
    public void write(List<Frame> frames) {
        if (gone()) {
            return;
        }
        ByteBuf[] parts = new ByteBuf[frames.size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = buffers.take(frames.get(i));
        }
        ByteBuf all = Unpooled.wrappedBuffer(parts.length, parts);
        while (all.readableBytes() > MAX_PART_BYTES) {
            writePart(all.readRetainedSlice(MAX_PART_BYTES));
        }
        writePart(all);
    }

    private void writePart(ByteBuf part) {
        long size = part.readableBytes();
        stalledSince = waiting == 0 ? System.nanoTime() : stalledSince;
        waiting += size;
        budget.take(size);
        // A failed write is a lost connection: the close handler tells the lane.
        response.write(BufferImpl.buffer(part), written -> {
            // Vert.x lets go of buffers of its own only.
            part.release();
            settle(size);
        });
    }

    private void settle(long size) {
        waiting -= size;
        stalledSince = System.nanoTime();
        budget.giveBack(size);
        if (heldBack && waiting == 0) {
            heldBack = false;
            whenWritable.run();
        }
    }

    @Override
    public boolean writable() {
        if (gone() || response.writeQueueFull()) {
            return false;
        }
        heldBack = waiting > 0 && budget.exhausted();
        return !heldBack;
    }

    @Override
    public long stalledNanos(long now) {
        return waiting == 0 ? 0 : now - stalledSince;
    }

    @Override
    public void close() {
        if (!gone()) {
            whenClosed.run();
        }
    }

    @Override
    public void cut() {
        if (!gone()) {
            whenCut.run();
        }
    }

    private boolean gone() {
        return response.ended() || response.closed();
    }
}
