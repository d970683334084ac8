package dev.herald.web.quick;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Bytes of one JSON value in a body that arrives in parts. Keeps them only while the value is incomplete. Used for one
 * value after the other.
 */
final class ValueBytes {
    private static final byte[] NOTHING = {};

    /** The part being parsed, and the number of bytes before it. */
    private byte[] part = NOTHING;

    private long before;

    /** Beginning of the value, in bytes from the beginning of the body; its bytes in earlier parts. */
    private long start;

    private final ByteArrayOutputStream earlier = new ByteArrayOutputStream(0);

    /** Bytes of all parts before this one. */
    long before() {
        return before;
    }

    void beginPart(byte[] next) {
        part = next;
    }

    /** @param incomplete whether a value has begun and not ended */
    void endPart(boolean incomplete) {
        if (incomplete) {
            int from = startInPart();
            earlier.write(part, from, part.length - from);
        }
        before += part.length;
        part = NOTHING;
    }

    /** @param position of its first byte, from the beginning of the body */
    void begin(long position) {
        start = position;
    }

    /**
     * The value as text.
     *
     * @param end after its last byte, from the beginning of the body
     */
    String end(long end) {
        int from = startInPart();
        int length = (int) (end - before) - from;
        if (earlier.size() == 0) {
            return new String(part, from, length, StandardCharsets.UTF_8);
        }
        earlier.write(part, from, length);
        String text = earlier.toString(StandardCharsets.UTF_8);
        earlier.reset();
        return text;
    }

    private int startInPart() {
        return (int) Math.max(0, start - before);
    }
}
