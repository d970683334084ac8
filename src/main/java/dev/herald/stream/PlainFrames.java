package dev.herald.stream;

import java.util.List;

import io.netty.buffer.ByteBufAllocator;

import dev.herald.event.Frame;

/** Frames as they are. */
final class PlainFrames implements FrameCoder {
    /** Smaller ones are cheaper copied than written one by one. */
    private static final int LARGE_FRAME_BYTES = 8 << 10;

    private final ByteBufAllocator allocator;

    PlainFrames(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    @Override
    public int aloneFrom(boolean shared) {
        return LARGE_FRAME_BYTES;
    }

    @Override
    public SharedChunk chunk(List<Frame> frames, boolean shared) {
        return SharedChunk.of(frames, allocator);
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
