package dev.herald.bench;

import java.nio.charset.StandardCharsets;

/**
 * Marker that identifies a message, anywhere in its data: {@code ~}, the scheduled time in 19 digits (nanoseconds), its
 * publisher in 3, its number among that publisher's messages in 10, and {@code ~}. Its length is fixed, so that it can
 * be written into a prepared request and found in a stream without parsing either.
 */
final class Marker {
    static final int BYTES = 36;
    static final byte EDGE = '~';

    private static final byte SEPARATOR = '.';
    private static final int TIME_DIGITS = 19;
    private static final int PUBLISHER_DIGITS = 3;
    private static final int NUMBER_DIGITS = 10;
    private static final int PUBLISHER = 2 + TIME_DIGITS;
    private static final int NUMBER = PUBLISHER + PUBLISHER_DIGITS + 1;

    private Marker() {}

    /** Placeholder for a marker. */
    static String blank() {
        return "~" + "0".repeat(TIME_DIGITS) + "." + "0".repeat(PUBLISHER_DIGITS) + "." + "0".repeat(NUMBER_DIGITS)
                + "~";
    }

    static String text(long nanos, int publisher, long number) {
        byte[] bytes = new byte[BYTES];
        write(bytes, 0, nanos, publisher, number);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    static void write(byte[] bytes, int offset, long nanos, int publisher, long number) {
        bytes[offset] = EDGE;
        digits(bytes, offset + 1, TIME_DIGITS, nanos);
        bytes[offset + PUBLISHER - 1] = SEPARATOR;
        digits(bytes, offset + PUBLISHER, PUBLISHER_DIGITS, publisher);
        bytes[offset + NUMBER - 1] = SEPARATOR;
        digits(bytes, offset + NUMBER, NUMBER_DIGITS, number);
        bytes[offset + BYTES - 1] = EDGE;
    }

    private static void digits(byte[] bytes, int offset, int count, long value) {
        long rest = value;
        for (int i = offset + count - 1; i >= offset; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    /** Whether a complete marker is at the offset; the array must be long enough. */
    static boolean at(byte[] bytes, int offset) {
        return bytes[offset] == EDGE
                && bytes[offset + PUBLISHER - 1] == SEPARATOR
                && bytes[offset + NUMBER - 1] == SEPARATOR
                && bytes[offset + BYTES - 1] == EDGE;
    }

    static long nanos(byte[] bytes, int offset) {
        return number(bytes, offset + 1, TIME_DIGITS);
    }

    static int publisher(byte[] bytes, int offset) {
        return (int) number(bytes, offset + PUBLISHER, PUBLISHER_DIGITS);
    }

    static long number(byte[] bytes, int offset) {
        return number(bytes, offset + NUMBER, NUMBER_DIGITS);
    }

    private static long number(byte[] bytes, int offset, int count) {
        long value = 0;
        for (int i = offset; i < offset + count; i++) {
            value = value * 10 + bytes[i] - '0';
        }
        return value;
    }
}
