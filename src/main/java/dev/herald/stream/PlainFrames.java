package dev.herald.stream;

import java.util.List;

import io.netty.buffer.ByteBufAllocator;

import dev.herald.event.Frame;

/** Encoder that copies frames unchanged. */
final class PlainFrames implements FrameCoder {
    /** Smaller frames are cheaper to copy into one chunk than to write one by one. */
    private static final int LARGE_FRAME_BYTES = 8 << 10;

    private final ByteBufAllocator allocator;

    PlainFrames(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    @Override
    public int minSeparateBytes(boolean shared) {
        return LARGE_FRAME_BYTES;
    }

    @Override
    public SharedChunk chunk(List<Frame> frames, boolean shared) {
        return SharedChunk.of(frames, allocator);
    }

    @Override
    public void close() {
        // No resources.
    }
}
