package dev.herald.web;

import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Queue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import dev.herald.event.Frame;

/**
 * The newest frames of one event loop as direct buffers, which the socket takes without a copy: a frame is copied once a
 * loop, and waits for any number of slow readers as one and the same memory. Belongs to the event loop.
 */
final class DirectFrames {
    /** What is held for the next reader, in bytes; the newest frame is held whatever its size. */
    private static final long MAX_BYTES = 1 << 20;

    private final ByteBufAllocator allocator;
    /** By identity: equality would read all bytes again for each reader. */
    private final Map<Frame, ByteBuf> held = new IdentityHashMap<>();

    private final Queue<Frame> oldestFirst = new ArrayDeque<>();
    private long bytes;

    DirectFrames(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** The frame's bytes, for one write, which releases them. */
    ByteBuf take(Frame frame) {
        ByteBuf shared = held.get(frame);
        if (shared == null) {
            shared = allocator.directBuffer(frame.size()).writeBytes(frame.bytes());
            held.put(frame, shared);
            oldestFirst.add(frame);
            bytes += frame.size();
            dropOldest();
        }
        return shared.retainedDuplicate();
    }

    /** Lets go of everything. What waits in sockets stays theirs. */
    void clear() {
        held.values().forEach(ByteBuf::release);
        held.clear();
        oldestFirst.clear();
        bytes = 0;
    }

    private void dropOldest() {
        while (bytes > MAX_BYTES && oldestFirst.size() > 1) {
            ByteBuf buffer = held.remove(oldestFirst.remove());
            bytes -= buffer.readableBytes();
            buffer.release();
        }
    }
}
