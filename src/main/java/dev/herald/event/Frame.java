package dev.herald.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Encoded block of an event stream (HTML §9.2.5), in UTF-8, ended by a blank line; or lines between two blocks, without
 * one. Immutable and thread-safe: a writer gets a read-only view, not a copy.
 */
public final class Frame {
    private static final int SMALL_BYTES = 128;
    private static final byte[] COMMENT = ascii(":");
    private static final byte[] ID = ascii("id: ");
    private static final byte[] TYPE = ascii("event: ");
    private static final byte[] RETRY = ascii("retry: ");
    private static final byte[] DATA = ascii("data: ");
    private static final byte[] LINE_END = {'\n'};
    private static final long ID_LINE_BYTES = ID.length + LINE_END.length;
    private static final long TYPE_LINE_BYTES = TYPE.length + LINE_END.length;
    private static final long RETRY_LINE_BYTES = RETRY.length + LINE_END.length;

    private final byte[] array;

    /** Frame that takes ownership of the bytes. */
    Frame(byte[] array) {
        this.array = array;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Block of an event. Costs a copy of the data. */
    static Frame of(EventId id, Optional<EventType> type, OptionalLong retryMillis, byte[] data, boolean isLine) {
        long dataBytes = isLine ? DATA.length + data.length + LINE_END.length : dataBytes(data);
        long capacity = linesBytes(Utf8.length(id.value()), type, retryMillis) + dataBytes + LINE_END.length;
        Builder builder = builder((int) Math.min(capacity, Integer.MAX_VALUE - 8))
                .id(id.value())
                .type(type)
                .retryMillis(retryMillis);
        return (isLine ? builder.dataLine(data, 0, data.length) : builder.data(data)).build();
    }

    /** Data at the end of this frame, if it is a single line. */
    Data line(int length) {
        return Data.within(array, array.length - 2 * LINE_END.length - length, length);
    }

    public static Builder builder() {
        return new Builder(SMALL_BYTES);
    }

    /** Builder of a frame of known size: with this capacity, in bytes, it is built without a copy. */
    static Builder builder(int capacity) {
        return new Builder(capacity);
    }

    /** Size of the lines before the data, in bytes. */
    static long linesBytes(long idBytes, Optional<EventType> type, OptionalLong retryMillis) {
        return ID_LINE_BYTES
                + idBytes
                + type.map(own -> TYPE_LINE_BYTES + Utf8.length(own.name())).orElse(0L)
                + (retryMillis.isPresent()
                        ? RETRY_LINE_BYTES
                                + Long.toString(retryMillis.getAsLong()).length()
                        : 0);
    }

    /** Size of the output of {@link Builder#data(String)}, in bytes. Costs O(length). */
    static long dataBytes(String data) {
        long bytes = DATA.length + 1L + Utf8.length(data);
        boolean isLine = data.indexOf('\n') < 0 && data.indexOf('\r') < 0;
        for (int i = 0; i < data.length() && !isLine; i++) {
            char c = data.charAt(i);
            if (c == '\n' || c == '\r') {
                boolean pair = c == '\r' && i + 1 < data.length() && data.charAt(i + 1) == '\n';
                i += pair ? 1 : 0;
                bytes += DATA.length + (pair ? -1 : 0);
            }
        }
        return bytes;
    }

    private static long dataBytes(byte[] utf8) {
        long bytes = DATA.length + 1L + utf8.length;
        for (int i = 0; i < utf8.length; i++) {
            byte b = utf8[i];
            if (b == '\n' || b == '\r') {
                boolean pair = b == '\r' && i + 1 < utf8.length && utf8[i + 1] == '\n';
                i += pair ? 1 : 0;
                bytes += DATA.length + (pair ? -1 : 0);
            }
        }
        return bytes;
    }

    /** Length on the wire, in bytes, before any framing of the transport. */
    public int size() {
        return array.length;
    }

    /** Read-only view of the shared bytes, with its own position. */
    public ByteBuffer bytes() {
        return ByteBuffer.wrap(array).asReadOnlyBuffer();
    }

    /** Copies the bytes into a buffer that has room for them: faster than a copy of {@link #bytes()}. */
    public void copyTo(ByteBuffer target) {
        target.put(array);
    }

    /** Frames are equal when their bytes are. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Frame frame && Arrays.equals(array, frame.array);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(array);
    }

    @Override
    public String toString() {
        return new String(array, StandardCharsets.UTF_8);
    }

    /** Builder that writes fields in the order of the calls. Single-line values must be valid by their types. */
    public static final class Builder {
        private byte[] out;
        private int size;

        private Builder(int capacity) {
            out = new byte[capacity];
        }

        /** Comment line that clients ignore; keeps the connection alive. */
        public Builder comment() {
            return line(COMMENT, "");
        }

        /** Id that a client sends back as {@code Last-Event-ID}. */
        public Builder id(String id) {
            return line(ID, id);
        }

        /** Event type; {@code message} if absent. */
        public Builder type(Optional<EventType> type) {
            type.ifPresent(value -> line(TYPE, value.name()));
            return this;
        }

        /** Client reconnection time, in milliseconds. */
        public Builder retryMillis(OptionalLong millis) {
            millis.ifPresent(value -> line(RETRY, Long.toString(value)));
            return this;
        }

        /** One {@code data} field for each line of the text, which ends at CR, LF or CRLF (PROTOCOL E2). */
        public Builder data(String data) {
            return data(data.getBytes(StandardCharsets.UTF_8));
        }

        /** {@link #data(String)} in UTF-8. */
        Builder data(byte[] utf8) {
            int start = 0;
            for (int i = 0; i < utf8.length; i++) {
                byte b = utf8[i];
                if (b == '\n' || b == '\r') {
                    dataLine(utf8, start, i);
                    i += b == '\r' && i + 1 < utf8.length && utf8[i + 1] == '\n' ? 1 : 0;
                    start = i + 1;
                }
            }
            return dataLine(utf8, start, utf8.length);
        }

        private Builder dataLine(byte[] utf8, int start, int end) {
            return append(DATA, 0, DATA.length).append(utf8, start, end - start).append(LINE_END, 0, LINE_END.length);
        }

        /** Builds a block, ended by a blank line. */
        public Frame build() {
            append(LINE_END, 0, LINE_END.length);
            return buildOpen();
        }

        /**
         * Builds lines without a blank line, for lines that are not an event: some clients report an empty message at
         * each blank line (PROTOCOL E4). The next block follows directly.
         */
        public Frame buildOpen() {
            return new Frame(size == out.length ? out : Arrays.copyOf(out, size));
        }

        /** The fields so far. */
        byte[] fields() {
            return Arrays.copyOf(out, size);
        }

        private Builder line(byte[] name, String value) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            return append(name, 0, name.length).append(utf8, 0, utf8.length).append(LINE_END, 0, LINE_END.length);
        }

        private Builder append(byte[] bytes, int start, int length) {
            if (length > out.length - size) {
                int needed = Math.addExact(size, length);
                out = Arrays.copyOf(out, Math.max(needed, (int) Math.min(2L * out.length, Integer.MAX_VALUE - 8)));
            }
            System.arraycopy(bytes, start, out, size, length);
            size += length;
            return this;
        }
    }
}
