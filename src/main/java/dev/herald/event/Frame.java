package dev.herald.event;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One block of an event stream as it goes over the wire (HTML §9.2.5), UTF-8, closed by a blank line; or lines between two
 * blocks, without one. Immutable and safe to share: whoever writes it gets a read-only view, nobody gets a copy.
 */
public final class Frame {
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
        return new Builder();
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
        private final ByteArrayOutputStream out = new ByteArrayOutputStream(128);

        private Builder() {}

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
                    line("data: ", data.substring(start, i));
                    i += c == '\r' && i + 1 < data.length() && data.charAt(i + 1) == '\n' ? 1 : 0;
                    start = i + 1;
                }
            }
            return line("data: ", data.substring(start));
        }

        /** The finished block, closed by a blank line. */
        public Frame build() {
            out.write('\n');
            return buildOpen();
        }

        /**
         * The lines without a blank line behind them, for lines that are no event: some clients report an empty message at
         * each blank line (PROTOCOL E4). The next block follows at once.
         */
        public Frame buildOpen() {
            return new Frame(out.toByteArray());
        }

        private Builder line(String name, String value) {
            out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(value.getBytes(StandardCharsets.UTF_8));
            out.write('\n');
            return this;
        }
    }
}
