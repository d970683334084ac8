package dev.herald.event;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;

/**
 * Encoding of an event as a JSON object (PROTOCOL Q17), in UTF-8 on a single line:
 * {@code {"id", "topics", "type", "private", "time", "data"}}. {@code type} is absent if the event has none;
 * {@code time} is the time of acceptance in UTC (RFC 3339), in milliseconds.
 *
 * <p>Data that is a JSON text ({@link JsonSyntax}) is embedded as it was published. Only its line breaks become spaces;
 * a JSON text has them only between its tokens. All other data becomes a JSON string.
 *
 * <p>Immutable. Its creation costs O(size) and no copy of the data. The object is at most
 * {@value JsonString#MAX_GROWTH} times as large as the event's fields, and 150 bytes.
 */
public final class EventJson {
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter().withZone(ZoneOffset.UTC);

    private static final byte[] ID = ascii("{\"id\":");
    private static final byte[] TOPICS = ascii(",\"topics\":[");
    private static final byte[] TYPE = ascii("],\"type\":");
    private static final byte[] NO_TYPE = ascii("]");
    private static final byte[] PRIVATE = ascii(",\"private\":true,\"time\":\"");
    private static final byte[] PUBLIC = ascii(",\"private\":false,\"time\":\"");
    private static final byte[] DATA = ascii("\",\"data\":");

    private static final byte[] DATA_FIELD = ascii("data: ");
    private static final byte[] BLOCK_END = ascii("\n\n");

    private final Event event;
    private final Data data;
    private final boolean embedded;
    /** All before the data. */
    private final byte[] head;

    private final long size;

    private EventJson(Event event) {
        this.event = event;
        data = event.data();
        embedded = data.isJson();
        head = head(event);
        size = head.length + (embedded ? data.size() : data.jsonStringSize()) + 1;
    }

    /** Encoding of an event. */
    public static EventJson of(Event event) {
        return new EventJson(event);
    }

    /** Size of the object, in bytes. */
    public long size() {
        return size;
    }

    /**
     * The object as a new array.
     *
     * @throws ArithmeticException if it is larger than an array can be
     */
    public byte[] toBytes() {
        byte[] bytes = new byte[Math.toIntExact(size)];
        writeTo(bytes, 0);
        return bytes;
    }

    /**
     * Writes the object into an array that has {@link #size} bytes of room.
     *
     * @return the position after it
     */
    public int writeTo(byte[] out, int position) {
        System.arraycopy(head, 0, out, position, head.length);
        int at = position + head.length;
        at = embedded ? data.writeLine(out, at) : data.writeJsonString(out, at);
        out[at] = '}';
        return at + 1;
    }

    /**
     * Block of an event stream with the fields of the plain one, but the object as its data (PROTOCOL Q17).
     *
     * @throws ArithmeticException if it is larger than an array can be
     */
    public Frame frame() {
        byte[] fields = Frame.builder()
                .id(event.id().value())
                .type(event.type())
                .retryMillis(event.retryMillis())
                .fields();
        long bytes = fields.length + DATA_FIELD.length + size + BLOCK_END.length;
        Writer block = new Writer(Math.toIntExact(bytes)).raw(fields).raw(DATA_FIELD);
        block.at = writeTo(block.out, block.at);
        return new Frame(block.raw(BLOCK_END).out);
    }

    private static byte[] head(Event event) {
        byte[] id = utf8(event.id().value());
        byte[] type = event.type().map(own -> utf8(own.name())).orElse(null);
        List<byte[]> topics =
                event.topics().stream().map(topic -> utf8(topic.name())).toList();
        byte[] visibility = event.isPrivate() ? PRIVATE : PUBLIC;
        byte[] time = ascii(TIME.format(event.acceptedAt()));

        long size = ID.length + stringSize(id) + TOPICS.length + NO_TYPE.length + visibility.length + time.length;
        size += DATA.length + (type == null ? 0 : TYPE.length - NO_TYPE.length + stringSize(type));
        for (byte[] topic : topics) {
            size += stringSize(topic) + 1;
        }
        Writer writer = new Writer(Math.toIntExact(topics.isEmpty() ? size : size - 1));
        writer.raw(ID).string(id).raw(TOPICS).strings(topics);
        if (type == null) {
            writer.raw(NO_TYPE);
        } else {
            writer.raw(TYPE).string(type);
        }
        return writer.raw(visibility).raw(time).raw(DATA).out;
    }

    private static long stringSize(byte[] utf8) {
        return JsonString.size(utf8, 0, utf8.length);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Writer into an array of the exact size. */
    private static final class Writer {
        final byte[] out;
        private int at;

        Writer(int size) {
            out = new byte[size];
        }

        Writer raw(byte[] bytes) {
            System.arraycopy(bytes, 0, out, at, bytes.length);
            at += bytes.length;
            return this;
        }

        Writer string(byte[] utf8) {
            at = JsonString.write(utf8, 0, utf8.length, out, at);
            return this;
        }

        void strings(List<byte[]> values) {
            for (int i = 0; i < values.size(); i++) {
                if (i > 0) {
                    out[at++] = ',';
                }
                string(values.get(i));
            }
        }
    }
}
