package dev.herald.web;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import dev.herald.event.Frame;

/**
 * Frames in direct memory, in the shape of one chunk of HTTP/1.1 (RFC 9112 §7.1): copied once, and written to any number
 * of sockets. Belongs to an event loop.
 */
final class SharedChunk {
    private static final byte[] LINE_END = {'\r', '\n'};

    private final ByteBuf buffer;
    private final int headBytes;

    private SharedChunk(ByteBuf buffer, int headBytes) {
        this.buffer = buffer;
        this.headBytes = headBytes;
    }

    /** Copies the frames, in order; to be let go by {@link #release()}. */
    static SharedChunk of(List<Frame> frames, ByteBufAllocator allocator) {
        int size = 0;
        for (int i = 0; i < frames.size(); i++) {
            size = Math.addExact(size, frames.get(i).size());
        }
        byte[] length = Integer.toHexString(size).getBytes(StandardCharsets.US_ASCII);
        int headBytes = length.length + LINE_END.length;
        ByteBuf buffer = allocator.directBuffer(headBytes + size + LINE_END.length);
        buffer.writeBytes(length).writeBytes(LINE_END);
        for (int i = 0; i < frames.size(); i++) {
            buffer.writeBytes(frames.get(i).bytes());
        }
        return new SharedChunk(buffer.writeBytes(LINE_END), headBytes);
    }

    /** The chunk, framing included, for one write, which releases it. */
    ByteBuf framed() {
        return buffer.retainedDuplicate();
    }

    /** The frames alone, for one write, which releases them. */
    ByteBuf content() {
        return buffer.retainedSlice(headBytes, buffer.readableBytes() - headBytes - LINE_END.length);
    }

    /** What it holds in memory, in bytes. */
    int size() {
        return buffer.readableBytes();
    }

    /** Lets go of it. What waits in sockets stays theirs. */
    void release() {
        buffer.release();
    }
}
