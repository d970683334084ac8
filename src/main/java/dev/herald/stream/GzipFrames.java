package dev.herald.stream;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.Deflater;

import io.netty.buffer.ByteBufAllocator;

import dev.herald.event.Frame;

/**
 * Frames as blocks of DEFLATE (RFC 1951) that refer to nothing before them and end at a byte, so that each is valid
 * wherever it comes in any stream: it is compressed once for all who get it (decision 062). No block holds anything of
 * two frames that was compressed together, so the length of one tells nothing of another.
 *
 * <p>Each chunk ends with an empty stored block (PROTOCOL E14). That is the flush point of DEFLATE: some inflaters, such
 * as Go's, return nothing of a block before they have read one.
 *
 * <p>What only one reader gets, as in a replay, is stored as it is: the loop has no time to compress for each.
 *
 * <p>Holds native memory from the first frame that it compresses until it is closed.
 */
final class GzipFrames implements FrameCoder {
    /** It is made once and carried many times. */
    private static final int LEVEL = 6;

    /** Below, in bytes, it saves little: a packet has some 66 bytes of its own. */
    private static final int MIN_COMPRESSED_BYTES = 512;

    /** Above, in bytes, it would keep the loop for longer than a millisecond. */
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
    public int aloneFrom(boolean shared) {
        return shared ? MIN_COMPRESSED_BYTES : plain.aloneFrom(false);
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
            bytes.put(frames.get(i).bytes());
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
        // Full: there may be more of it, and it is no shorter than the frame.
        return blocks.hasRemaining() ? blocks.flip() : stored(bytes);
    }

    /** RFC 1951 §3.2.4; the last block is the empty one. */
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
