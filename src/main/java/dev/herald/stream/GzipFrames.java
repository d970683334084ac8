package dev.herald.stream;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.Deflater;

import io.netty.buffer.ByteBufAllocator;

import dev.herald.event.Frame;

/**
 * Encoder of frames as DEFLATE blocks (RFC 1951) that refer to nothing before them and end at a byte boundary. A block
 * is therefore valid at any place of any stream, and is compressed once for all of them (decision 062). Two frames are
 * never compressed together, so the length of one reveals nothing about another.
 *
 * <p>Each chunk ends with an empty stored block (PROTOCOL E14), the flush point of DEFLATE. Some inflaters, such as
 * Go's, return nothing of a block before it.
 *
 * <p>Frames for one reader only, as in a replay, are stored uncompressed: compression for each reader would cost the
 * loop too much time.
 *
 * <p>Allocates native memory at the first compressed frame; {@link #close} releases it.
 */
final class GzipFrames implements FrameCoder {
    /** Compressed once, sent many times. */
    private static final int LEVEL = 6;

    /** In bytes. Smaller frames save little: a packet has some 66 bytes of its own. */
    private static final int MIN_COMPRESSED_BYTES = 512;

    /** In bytes. Larger frames would occupy the loop for longer than a millisecond. */
    private static final int MAX_COMPRESSED_BYTES = 64 << 10;

    private static final int MAX_STORED_BYTES = 0xffff;
    private static final int STORED_HEAD_BYTES = 5;

    private final ByteBufAllocator allocator;
    private final PlainFrames plain;
    private Deflater deflater;

    GzipFrames(ByteBufAllocator allocator) {
        this.allocator = allocator;
        this.plain = new PlainFrames(allocator);
    }

    @Override
    public int minSeparateBytes(boolean shared) {
        return shared ? MIN_COMPRESSED_BYTES : plain.minSeparateBytes(false);
    }

    @Override
    public SharedChunk chunk(List<Frame> frames, boolean shared) {
        ByteBuffer bytes = join(frames);
        boolean worthwhile = shared
                && frames.size() == 1
                && bytes.remaining() >= MIN_COMPRESSED_BYTES
                && bytes.remaining() <= MAX_COMPRESSED_BYTES;
        ByteBuffer blocks = worthwhile ? compressed(bytes) : stored(bytes);
        return SharedChunk.coded(bytes, blocks, allocator);
    }

    private static ByteBuffer join(List<Frame> frames) {
        int size = 0;
        for (int i = 0; i < frames.size(); i++) {
            size = Math.addExact(size, frames.get(i).size());
        }
        ByteBuffer bytes = ByteBuffer.allocate(size);
        for (int i = 0; i < frames.size(); i++) {
            frames.get(i).copyTo(bytes);
        }
        return bytes.flip();
    }

    private ByteBuffer compressed(ByteBuffer bytes) {
        if (deflater == null) {
            deflater = new Deflater(LEVEL, true);
        }
        deflater.reset();
        deflater.setInput(bytes.duplicate());
        ByteBuffer blocks = ByteBuffer.allocate(bytes.remaining());
        // This flush writes an empty stored block at the end.
        deflater.deflate(blocks, Deflater.SYNC_FLUSH);
        // A full buffer may be incomplete, and is no shorter than the frame.
        return blocks.hasRemaining() ? blocks.flip() : stored(bytes);
    }

    /** Stored blocks (RFC 1951 §3.2.4), the last one empty. */
    private static ByteBuffer stored(ByteBuffer bytes) {
        int count = (bytes.remaining() + MAX_STORED_BYTES - 1) / MAX_STORED_BYTES + 1;
        ByteBuffer blocks = ByteBuffer.allocate(Math.addExact(bytes.remaining(), count * STORED_HEAD_BYTES));
        ByteBuffer rest = bytes.duplicate();
        for (int i = 0; i < count; i++) {
            int length = Math.min(rest.remaining(), MAX_STORED_BYTES);
            blocks.put((byte) 0);
            littleEndian(blocks, length);
            littleEndian(blocks, ~length);
            blocks.put(rest.slice(rest.position(), length));
            rest.position(rest.position() + length);
        }
        return blocks.flip();
    }

    private static void littleEndian(ByteBuffer out, int sixteenBits) {
        out.put((byte) sixteenBits).put((byte) (sixteenBits >> Byte.SIZE));
    }

    @Override
    public void close() {
        if (deflater != null) {
            deflater.end();
            deflater = null;
        }
    }
}
