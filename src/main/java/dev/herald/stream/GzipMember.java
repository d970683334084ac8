package dev.herald.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Header and trailer of the gzip member (RFC 1952 §2.3) around the blocks of {@link GzipFrames}; one for each stream.
 */
final class GzipMember implements StreamCoding {
    private static final byte DEFLATE = 8;
    private static final byte UNKNOWN_SYSTEM = (byte) 255;
    private static final byte[] HEAD = {31, (byte) 139, DEFLATE, 0, 0, 0, 0, 0, 0, UNKNOWN_SYSTEM};

    /** Empty stored block marked as the last one (RFC 1951 §3.2.4). */
    private static final byte[] LAST_BLOCK = {1, 0, 0, -1, -1};

    private int sum;
    private int bytes;

    @Override
    public byte[] head() {
        return HEAD.clone();
    }

    @Override
    public void chunkWritten(SharedChunk chunk) {
        sum = Crc32.combine(sum, chunk.sum(), chunk.shift());
        bytes += chunk.codedBytes();
    }

    @Override
    public byte[] trailer() {
        return ByteBuffer.allocate(LAST_BLOCK.length + 2 * Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(LAST_BLOCK)
                .putInt(sum)
                .putInt(bytes)
                .array();
    }
}
