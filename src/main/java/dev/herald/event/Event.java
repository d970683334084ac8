package dev.herald.event;

import java.time.Instant;
import java.util.List;

/**
 * What the log accepted: an update that has got its place. Immutable, and shared by all subscribers of the node,
 * bytes included.
 *
 * @param position place in the log: 1 or more, strictly rising, with gaps allowed
 * @param id the publisher's id, or the log's
 * @param acceptedAt when the log took it, by the clock of the node that did
 * @param topics as in the update
 * @param isPrivate as in the update
 * @param frame the event on the wire, encoded once
 */
public record Event(long position, EventId id, Instant acceptedAt, List<Topic> topics, boolean isPrivate, Frame frame) {
    /** The objects of an event without what its texts and its frame hold, about, in bytes. */
    private static final long OBJECT_BYTES = 300;

    private static final long TOPIC_OBJECT_BYTES = 64;

    /** What the event holds of a store: the bytes of its frame, id and topics. Costs O(length of id and topics). */
    public long size() {
        long bytes = frame.size() + Utf8.length(id.value());
        for (Topic topic : topics) {
            bytes += Utf8.length(topic.name());
        }
        return bytes;
    }

    /** What the event occupies in the heap, about, in bytes. Costs O(number of topics). */
    public long heapBytes() {
        return OBJECT_BYTES + frame.size() + 2L * id.value().length() + heapBytes(topics);
    }

    static long heapBytes(List<Topic> topics) {
        long bytes = 0;
        for (Topic topic : topics) {
            bytes += TOPIC_OBJECT_BYTES + 2L * topic.name().length();
        }
        return bytes;
    }

    /** The same event at another position. */
    public Event at(long other) {
        return new Event(other, id, acceptedAt, topics, isPrivate, frame);
    }

    /** The event that {@code update} becomes at {@code position}. Encodes it: the cost is that of copying the data. */
    public static Event of(long position, EventId id, Instant acceptedAt, Update update) {
        Frame frame = Frame.builder((int) Math.min(update.frameBytes(), Integer.MAX_VALUE - 8))
                .id(id.value())
                .type(update.type())
                .retryMillis(update.retryMillis())
                .data(update.data())
                .build();
        return new Event(position, id, acceptedAt, update.topics(), update.isPrivate(), frame);
    }
}
