package dev.herald.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import dev.herald.event.Frame;

/**
 * Reference-counted buffer of frames in direct memory, framed as one HTTP/1.1 chunk (RFC 9112 §7.1): copied once,
 * written to any number of sockets. Belongs to an event loop.
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

    /** Copies the frames, in order. The caller must call {@link #release()}. */
    static SharedChunk of(List<Frame> frames, ByteBufAllocator allocator) {
        int size = 0;
        for (int i = 0; i < frames.size(); i++) {
            size = Math.addExact(size, frames.get(i).size());
        }
        SharedChunk chunk = new SharedChunk(size, allocator);
        ByteBuf buffer = chunk.buffer;
        ByteBuffer target = buffer.internalNioBuffer(buffer.writerIndex(), size);
        for (int i = 0; i < frames.size(); i++) {
            frames.get(i).copyTo(target);
        }
        buffer.writerIndex(buffer.writerIndex() + size).writeBytes(LINE_END);
        return chunk;
    }

    /** Copies bytes that are not frames. The caller must call {@link #release()}. */
    static SharedChunk of(byte[] bytes, ByteBufAllocator allocator) {
        SharedChunk chunk = new SharedChunk(bytes.length, allocator);
        chunk.buffer.writeBytes(bytes).writeBytes(LINE_END);
        return chunk;
    }

    /**
     * Copies coded frames. The caller must call {@link #release()}.
     *
     * @param frames the frames before coding
     */
    static SharedChunk coded(ByteBuffer frames, ByteBuffer coded, ByteBufAllocator allocator) {
        SharedChunk chunk = new SharedChunk(coded.remaining(), allocator);
        chunk.buffer.writeBytes(coded).writeBytes(LINE_END);
        chunk.codedBytes = frames.remaining();
        chunk.shift = Crc32.shift(frames.remaining());
        chunk.sum = Crc32.of(frames);
        return chunk;
    }

    /** The chunk with its framing, for one write, which releases it. */
    ByteBuf framed() {
        return buffer.retainedDuplicate();
    }

    /** The chunk without its framing, for one write, which releases it. */
    ByteBuf content() {
        return buffer.retainedSlice(headBytes, buffer.readableBytes() - headBytes - LINE_END.length);
    }

    /** Length of the frames before coding, in bytes. */
    int codedBytes() {
        return codedBytes;
    }

    /** {@link Crc32} of the frames before coding. */
    int sum() {
        return sum;
    }

    /** {@link Crc32#shift} of their length. */
    int shift() {
        return shift;
    }

    /** Size in memory, in bytes. */
    int size() {
        return buffer.readableBytes();
    }

    /** Releases the chunk. Pending socket writes keep their own references. */
    public void release() {
        buffer.release();
    }
}
