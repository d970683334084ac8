package dev.herald.bench;

import java.util.Arrays;

/**
 * Finds markers in one stream that comes in pieces. Framing of events and chunks is passed over: no server cuts a message
 * in the middle for them. Not thread-safe.
 */
final class StreamScanner {
    private static final byte[] NOTHING = {};

    private byte[] rest = NOTHING;

    /** How many bytes are left over from the last piece: the next one goes behind them. */
    int restore(byte[] buffer) {
        System.arraycopy(rest, 0, buffer, 0, rest.length);
        return rest.length;
    }

    /**
     * Visits the markers of a piece.
     *
     * @param buffer what {@link #restore} put there, and the piece behind it
     * @param length of both
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

    /** Is shown markers in the order of the stream. */
    @FunctionalInterface
    interface Visitor {
        void visit(long nanos, int publisher, long number);
    }
}
