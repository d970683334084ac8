package dev.herald.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One block of an event stream as it goes over the wire (HTML §9.2.5), UTF-8, closed by a blank line; or lines between two
 * blocks, without one. Immutable and safe to share: a writer gets a read-only view, not a copy.
 */
public final class Frame {
    private static final int SMALL_BYTES = 128;
    private static final String DATA = "data: ";
    private static final byte[] LINE_END = {'\n'};

    private final ByteBuffer bytes;

    private Frame(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /** A frame that was encoded before, as a log kept it; the array is the frame's from now on. */
    public static Frame encoded(byte[] bytes) {
        return new Frame(bytes);
    }

    /** An empty frame to be filled field by field. */
    public static Builder builder() {
        return new Builder(SMALL_BYTES);
    }

    /** An empty frame whose size is known: with that capacity, in bytes, it is built without a copy. */
    static Builder builder(int capacity) {
        return new Builder(capacity);
    }

    /** What {@link Builder#data} writes for the text, in bytes. Costs O(length). */
    static long dataBytes(String data) {
        long bytes = DATA.length() + 1L + Utf8.length(data);
        for (int i = 0; i < data.length(); i++) {
            char c = data.charAt(i);
            if (c == '\n' || c == '\r') {
                boolean pair = c == '\r' && i + 1 < data.length() && data.charAt(i + 1) == '\n';
                i += pair ? 1 : 0;
                bytes += DATA.length() + (pair ? -1 : 0);
            }
        }
        return bytes;
    }

    /** Length on the wire, in bytes, before any framing of the transport. */
    public int size() {
        return bytes.remaining();
    }

    /** A read-only view of the bytes, with a position of its own; the bytes are shared. */
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }

    /** Frames are equal when their bytes are. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Frame frame && bytes.equals(frame.bytes);
    }

    @Override
    public int hashCode() {
        return bytes.hashCode();
    }

    @Override
    public String toString() {
        return StandardCharsets.UTF_8.decode(bytes()).toString();
    }

    /** Writes the fields in the order of the calls. Single-line values must have been checked by their types. */
    public static final class Builder {
        private byte[] out;
        private int size;

        private Builder(int capacity) {
            out = new byte[capacity];
        }

        /** A line that every client ignores; keeps the connection alive. */
        public Builder comment() {
            return line(":", "");
        }

        /** The id that a client sends back as {@code Last-Event-ID}. */
        public Builder id(String id) {
            return line("id: ", id);
        }

        /** The event's type; {@code message} where there is none. */
        public Builder type(Optional<EventType> type) {
            type.ifPresent(value -> line("event: ", value.name()));
            return this;
        }

        /** The client's reconnection time, in milliseconds. */
        public Builder retryMillis(OptionalLong millis) {
            millis.ifPresent(value -> line("retry: ", Long.toString(value)));
            return this;
        }

        /** One {@code data} field for each line of the text, which ends at CR, LF or CRLF (PROTOCOL E2). */
        public Builder data(String data) {
            int start = 0;
            for (int i = 0; i < data.length(); i++) {
                char c = data.charAt(i);
                if (c == '\n' || c == '\r') {
                    line(DATA, data.substring(start, i));
                    i += c == '\r' && i + 1 < data.length() && data.charAt(i + 1) == '\n' ? 1 : 0;
                    start = i + 1;
                }
            }
            return line(DATA, data.substring(start));
        }

        /** The finished block, closed by a blank line. */
        public Frame build() {
            append(LINE_END);
            return buildOpen();
        }

        /**
         * The lines without a blank line behind them, for lines that are no event: some clients report an empty message at
         * each blank line (PROTOCOL E4). The next block follows at once.
         */
        public Frame buildOpen() {
            return new Frame(size == out.length ? out : Arrays.copyOf(out, size));
        }

        private Builder line(String name, String value) {
            append(name.getBytes(StandardCharsets.US_ASCII));
            append(value.getBytes(StandardCharsets.UTF_8));
            return append(LINE_END);
        }

        private Builder append(byte[] bytes) {
            if (bytes.length > out.length - size) {
                int needed = Math.addExact(size, bytes.length);
                out = Arrays.copyOf(out, Math.max(needed, (int) Math.min(2L * out.length, Integer.MAX_VALUE - 8)));
            }
            System.arraycopy(bytes, 0, out, size, bytes.length);
            size += bytes.length;
            return this;
        }
    }
}
