package dev.herald.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Payload of an event in UTF-8, exactly as published: CR and LF are kept. Immutable. Data of a single line shares the
 * bytes of the event's frame.
 */
public final class Data {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long LINE_FEEDS = '\n' * ONES;
    private static final long CARRIAGE_RETURNS = '\r' * ONES;

    private final byte[] array;
    private final int offset;
    private final int length;

    private Data(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /** Data in a separate array, which must not change any more. */
    static Data of(byte[] utf8) {
        return new Data(utf8, 0, utf8.length);
    }

    /** Data in a range of a larger array. */
    static Data within(byte[] array, int offset, int length) {
        return new Data(array, offset, length);
    }

    /** Whether text in UTF-8 has no line break, so that a frame contains it unchanged. Costs O(length). */
    static boolean isLine(byte[] utf8) {
        int i = 0;
        for (; i <= utf8.length - Long.BYTES; i += Long.BYTES) {
            long eight = (long) LONGS.get(utf8, i);
            if (hasZero(eight ^ LINE_FEEDS) || hasZero(eight ^ CARRIAGE_RETURNS)) {
                return false;
            }
        }
        for (; i < utf8.length; i++) {
            if (utf8[i] == '\n' || utf8[i] == '\r') {
                return false;
            }
        }
        return true;
    }

    /** Whether any of the eight bytes is zero: only then does subtracting 1 set a high bit that was not set. */
    private static boolean hasZero(long eight) {
        return (eight - ONES & ~eight & HIGH_BITS) != 0;
    }

    /** Length in bytes. */
    public int size() {
        return length;
    }

    /** Read-only view of the shared bytes. */
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
    }

    /** Bytes as an array, for callers that only read it: a copy if they are shared with a frame. */
    public byte[] toArray() {
        return isShared() ? Arrays.copyOfRange(array, offset, offset + length) : array;
    }

    /** Whether it is a JSON text of bounded depth ({@link JsonSyntax}). Costs O(length). */
    boolean isJson() {
        return JsonSyntax.isText(array, offset, offset + length);
    }

    /** Writes the bytes with a space for each CR and LF, and returns the position after them. */
    int writeLine(byte[] out, int position) {
        System.arraycopy(array, offset, out, position, length);
        if (!isShared()) {
            for (int i = position; i < position + length; i++) {
                if (out[i] == '\n' || out[i] == '\r') {
                    out[i] = ' ';
                }
            }
        }
        return position + length;
    }

    /** Size as a JSON string, in bytes. Costs O(length). */
    long jsonStringSize() {
        return JsonString.size(array, offset, offset + length);
    }

    /** Writes the text as a JSON string, and returns the position after it. */
    int writeJsonString(byte[] out, int position) {
        return JsonString.write(array, offset, offset + length, out, position);
    }

    /** Bytes that it occupies besides the frame. */
    long ownBytes() {
        return isShared() ? 0 : length;
    }

    private boolean isShared() {
        return array.length != length;
    }

    /** Data is equal when its bytes are. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Data data
                && Arrays.equals(array, offset, offset + length, data.array, data.offset, data.offset + data.length);
    }

    @Override
    public int hashCode() {
        return bytes().hashCode();
    }

    @Override
    public String toString() {
        return new String(array, offset, length, StandardCharsets.UTF_8);
    }
}
