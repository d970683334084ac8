package dev.herald.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import dev.herald.event.Frame;

/**
 * Frames in direct memory, in the shape of one chunk of HTTP/1.1 (RFC 9112 §7.1): copied once, and written to any number
 * of sockets. Belongs to an event loop.
 */
public final class SharedChunk {
    private static final byte[] LINE_END = {'\r', '\n'};

    private final ByteBuf buffer;
    private final int headBytes;
    private int codedBytes;
    private int sum;
    private int shift;

    private SharedChunk(int size, ByteBufAllocator allocator) {
        byte[] length = Integer.toHexString(size).getBytes(StandardCharsets.US_ASCII);
        headBytes = length.length + LINE_END.length;
        buffer = allocator.directBuffer(headBytes + size + LINE_END.length);
        buffer.writeBytes(length).writeBytes(LINE_END);
    }

    /** Copies the frames, in order; to be let go by {@link #release()}. */
    static SharedChunk of(List<Frame> frames, ByteBufAllocator allocator) {
        int size = 0;
        for (int i = 0; i < frames.size(); i++) {
            size = Math.addExact(size, frames.get(i).size());
        }
        SharedChunk chunk = new SharedChunk(size, allocator);
        for (int i = 0; i < frames.size(); i++) {
            chunk.buffer.writeBytes(frames.get(i).bytes());
        }
        chunk.buffer.writeBytes(LINE_END);
        return chunk;
    }

    /** Copies bytes that are no frames; to be let go by {@link #release()}. */
    static SharedChunk of(byte[] bytes, ByteBufAllocator allocator) {
        SharedChunk chunk = new SharedChunk(bytes.length, allocator);
        chunk.buffer.writeBytes(bytes).writeBytes(LINE_END);
        return chunk;
    }

    /**
     * Copies what frames were coded to; to be let go by {@link #release()}.
     *
     * @param frames as they were before
     */
    static SharedChunk coded(ByteBuffer frames, ByteBuffer coded, ByteBufAllocator allocator) {
        SharedChunk chunk = new SharedChunk(coded.remaining(), allocator);
        chunk.buffer.writeBytes(coded).writeBytes(LINE_END);
        chunk.codedBytes = frames.remaining();
        chunk.shift = Crc32.shift(frames.remaining());
        chunk.sum = Crc32.of(frames);
        return chunk;
    }

    /** The chunk, framing included, for one write, which releases it. */
    ByteBuf framed() {
        return buffer.retainedDuplicate();
    }

    /** Its content without the framing, for one write, which releases it. */
    ByteBuf content() {
        return buffer.retainedSlice(headBytes, buffer.readableBytes() - headBytes - LINE_END.length);
    }

    /** Length of the frames before they were coded, in bytes. */
    int codedBytes() {
        return codedBytes;
    }

    /** {@link Crc32} of the frames before they were coded. */
    int sum() {
        return sum;
    }

    /** {@link Crc32#shift} of their length. */
    int shift() {
        return shift;
    }

    /** What it holds in memory, in bytes. */
    int size() {
        return buffer.readableBytes();
    }

    /** Lets go of it. What waits in sockets stays theirs. */
    public void release() {
        buffer.release();
    }
}
