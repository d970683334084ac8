package dev.herald.testing;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Update that the hub has accepted, as a test asserts it. Immutable.
 *
 * @param topics names of its topics, the canonical one first
 * @param id the publisher's id, or the hub's
 * @param type the event's type; empty for messages
 * @param isPrivate whether only subscribers with a grant receive it
 * @param data as published
 */
public record PublishedEvent(List<String> topics, String id, Optional<String> type, boolean isPrivate, String data) {
    public PublishedEvent {
        topics = List.copyOf(topics);
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(topics.size());
        for (String topic : topics) {
            write(topic, out);
        }
        write(id, out);
        out.writeBoolean(type.isPresent());
        if (type.isPresent()) {
            write(type.get(), out);
        }
        out.writeBoolean(isPrivate);
        write(data, out);
    }

    static PublishedEvent read(DataInput in) throws IOException {
        int count = in.readInt();
        List<String> topics = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            topics.add(readText(in));
        }
        String id = readText(in);
        Optional<String> type = in.readBoolean() ? Optional.of(readText(in)) : Optional.empty();
        return new PublishedEvent(topics, id, type, in.readBoolean(), readText(in));
    }

    /** Of any length, unlike {@link DataOutput#writeUTF}. */
    static void write(String text, DataOutput out) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    static String readText(DataInput in) throws IOException {
        byte[] utf8 = new byte[in.readInt()];
        in.readFully(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
