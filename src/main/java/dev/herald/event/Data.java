package dev.herald.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Payload of an event in UTF-8, exactly as it was published: CR and LF are kept. Immutable. Data of a single line stands in
 * the event's frame as it is, and then shares the bytes of the frame.
 */
public final class Data {
    private final byte[] array;
    private final int offset;
    private final int length;

    private Data(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    /** Data in an array of its own, which nobody may change any more. */
    static Data of(byte[] utf8) {
        return new Data(utf8, 0, utf8.length);
    }

    /** Data that is a part of a larger array. */
    static Data within(byte[] array, int offset, int length) {
        return new Data(array, offset, length);
    }

    /** Whether text in UTF-8 has no line break, so that a frame has it as it is. Costs O(length). */
    static boolean isLine(byte[] utf8) {
        for (byte b : utf8) {
            if (b == '\n' || b == '\r') {
                return false;
            }
        }
        return true;
    }

    /** Length in bytes. */
    public int size() {
        return length;
    }

    /** A read-only view of the bytes; the bytes are shared. */
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
    }

    /** The bytes as an array, for callers that only read it: a copy if they are shared with a frame. */
    public byte[] toArray() {
        return isShared() ? Arrays.copyOfRange(array, offset, offset + length) : array;
    }

    /** What it occupies besides the frame, in bytes. */
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
