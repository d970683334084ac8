package dev.herald.connection;

import io.netty.buffer.ByteBuf;

/**
 * Strict validator of a chunked body (RFC 9112 §7.1). Rejects sizes that overflow, unbounded extensions, and ambiguous
 * line ends. Skips the data and reads every other byte once. Not thread-safe.
 */
final class ChunkedSyntax {
    /** Maximum digits of a size, leading zeros included. The size itself must fit into an {@code int}. */
    private static final int MAX_SIZE_DIGITS = 16;

    /** Maximum bytes of all extensions of one body. The hub ignores extensions. */
    private static final int MAX_EXTENSION_BYTES = 16_384;

    private enum State {
        SIZE,
        BEFORE_EXTENSION,
        EXTENSION,
        SIZE_LINE_FEED,
        DATA,
        DATA_RETURN,
        DATA_LINE_FEED,
        TRAILERS
    }

    private final HeadSyntax trailers = HeadSyntax.trailers();
    private State state = State.SIZE;
    private long size;
    private int digits;
    private int extensionBytes;
    private long remaining;

    /** Whether the body and its trailers are complete. */
    boolean ended() {
        return trailers.ended();
    }

    /**
     * Validates bytes up to the end of the body.
     *
     * @return index after the last checked byte
     * @throws InvalidRequestException at the first invalid byte
     */
    int check(ByteBuf in, int from, int to) {
        int at = from;
        while (at < to && !ended()) {
            if (state == State.TRAILERS) {
                at = trailers.check(in, at, to);
            } else if (state == State.DATA) {
                int skipped = (int) Math.min(remaining, to - at);
                remaining -= skipped;
                at += skipped;
                state = remaining == 0 ? State.DATA_RETURN : State.DATA;
            } else {
                state = next(in.getByte(at) & 0xff);
                at++;
            }
        }
        return at;
    }

    private State next(int c) {
        return switch (state) {
            case SIZE -> size(c);
            case BEFORE_EXTENSION -> c == ' ' || c == '\t' ? extension(State.BEFORE_EXTENSION) : startOfExtension(c);
            case EXTENSION -> c == '\r' ? State.SIZE_LINE_FEED : extension(c);
            case SIZE_LINE_FEED -> endOfSize(c);
            case DATA_RETURN -> expected('\r', c, State.DATA_LINE_FEED);
            case DATA_LINE_FEED -> expected('\n', c, State.SIZE);
            case DATA, TRAILERS -> throw new IllegalStateException("Not read byte by byte.");
        };
    }

    private State size(int c) {
        int digit = Character.digit(c, 16);
        if (digit >= 0 && digits < MAX_SIZE_DIGITS) {
            size = size * 16 + digit;
            digits++;
            if (size > Integer.MAX_VALUE) {
                throw InvalidRequestException.badRequest("A chunk is larger than 2 GiB: send smaller chunks.");
            }
            return State.SIZE;
        }
        if (digits == 0 || digit >= 0) {
            throw InvalidRequestException.badRequest("The size of a chunk is not 1 to 16 hexadecimal digits.");
        }
        return c == '\r' ? State.SIZE_LINE_FEED : c == ' ' || c == '\t' ? State.BEFORE_EXTENSION : startOfExtension(c);
    }

    private State startOfExtension(int c) {
        return expected(';', c, State.EXTENSION);
    }

    private State extension(int c) {
        if (c == 0x7f || (c < ' ' && c != '\t')) {
            throw InvalidRequestException.badRequest("A chunk extension has a control character.");
        }
        return extension(State.EXTENSION);
    }

    private State extension(State next) {
        if (++extensionBytes > MAX_EXTENSION_BYTES) {
            throw InvalidRequestException.badRequest(
                    "The chunk extensions are longer than " + MAX_EXTENSION_BYTES + " bytes: send none.");
        }
        return next;
    }

    private State endOfSize(int c) {
        State next = expected('\n', c, size == 0 ? State.TRAILERS : State.DATA);
        remaining = size;
        size = 0;
        digits = 0;
        return next;
    }

    private static State expected(char expected, int c, State next) {
        if (c != expected) {
            throw InvalidRequestException.badRequest("A chunk has 0x" + Integer.toHexString(c) + " where 0x"
                    + Integer.toHexString(expected) + " must be.");
        }
        return next;
    }
}
