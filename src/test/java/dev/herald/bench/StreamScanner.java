package dev.herald.bench;

import java.util.Arrays;

/**
 * Incremental scanner for markers in one stream. It skips the framing of events and chunks, which never splits a
 * message. Not thread-safe.
 */
final class StreamScanner {
    private static final byte[] NOTHING = {};

    private byte[] rest = NOTHING;

    /** Restores the remaining bytes of the last piece and returns their number: the next piece follows them. */
    int restore(byte[] buffer) {
        System.arraycopy(rest, 0, buffer, 0, rest.length);
        return rest.length;
    }

    /**
     * Visits the markers of a piece.
     *
     * @param buffer the bytes of {@link #restore}, followed by the piece
     * @param length length of both
     */
    void scan(byte[] buffer, int length, Visitor visitor) {
        int at = 0;
        while (at < length) {
            if (buffer[at] != Marker.EDGE) {
                at++;
            } else if (at + Marker.BYTES > length) {
                break;
            } else if (Marker.at(buffer, at)) {
                visitor.visit(Marker.nanos(buffer, at), Marker.publisher(buffer, at), Marker.number(buffer, at));
                at += Marker.BYTES;
            } else {
                at++;
            }
        }
        rest = at < length ? Arrays.copyOfRange(buffer, at, length) : NOTHING;
    }

    /** Callback for markers in the order of the stream. */
    @FunctionalInterface
    interface Visitor {
        void visit(long nanos, int publisher, long number);
    }
}
