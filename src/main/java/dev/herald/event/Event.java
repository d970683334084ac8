package dev.herald.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Update that the log has accepted, at its position. Immutable, and shared by all subscribers of the node, bytes
 * included.
 *
 * @param position position in the log: 1 or more, strictly rising, with gaps allowed
 * @param id the publisher's id, or the log's
 * @param acceptedAt time of acceptance, by the clock of the node that accepted it
 * @param topics as in the update
 * @param isPrivate as in the update
 * @param isTransient whether it is delivered but not kept
 * @param type as in the update
 * @param retryMillis as in the update
 * @param data as in the update, in UTF-8
 * @param frame encoding of id, type, retryMillis and data as a block of an event stream, made once
 */
public record Event(
        long position,
        EventId id,
        Instant acceptedAt,
        List<Topic> topics,
        boolean isPrivate,
        boolean isTransient,
        Optional<EventType> type,
        OptionalLong retryMillis,
        Data data,
        Frame frame) {
    /** Estimated heap bytes of an event's objects, without texts and frame. */
    private static final long OBJECT_BYTES = 350;

    private static final long TYPE_OBJECT_BYTES = 80;

    /** Event of an update at a position. Encodes it, which costs a copy of the data. */
    public static Event of(long position, EventId id, Instant acceptedAt, boolean isTransient, Update update) {
        return of(
                position,
                id,
                acceptedAt,
                update.topics(),
                update.isPrivate(),
                isTransient,
                update.type(),
                update.retryMillis(),
                update.data().getBytes(StandardCharsets.UTF_8));
    }

    /** Kept event from data in an array that must not change any more. Costs a copy of the data. */
    public static Event kept(
            long position,
            EventId id,
            Instant acceptedAt,
            List<Topic> topics,
            boolean isPrivate,
            Optional<EventType> type,
            OptionalLong retryMillis,
            byte[] data) {
        return of(position, id, acceptedAt, topics, isPrivate, false, type, retryMillis, data);
    }

    /** As {@link #kept}, of an event that is not kept. */
    public static Event passing(
            long position,
            EventId id,
            Instant acceptedAt,
            List<Topic> topics,
            boolean isPrivate,
            Optional<EventType> type,
            OptionalLong retryMillis,
            byte[] data) {
        return of(position, id, acceptedAt, topics, isPrivate, true, type, retryMillis, data);
    }

    private static Event of(
            long position,
            EventId id,
            Instant acceptedAt,
            List<Topic> topics,
            boolean isPrivate,
            boolean isTransient,
            Optional<EventType> type,
            OptionalLong retryMillis,
            byte[] data) {
        boolean isLine = Data.isLine(data);
        Frame frame = Frame.of(id, type, retryMillis, data, isLine);
        return new Event(
                position,
                id,
                acceptedAt,
                topics,
                isPrivate,
                isTransient,
                type,
                retryMillis,
                isLine ? frame.line(data.length) : Data.of(data),
                frame);
    }

    /**
     * Placeholder of a kept event that was purged: the position and nothing that was published. It matches no selector.
     *
     * @param id stands for the purged event's own id
     */
    public static Event purged(long position, EventId id, Instant acceptedAt, boolean isPrivate) {
        return kept(
                position, id, acceptedAt, List.of(), isPrivate, Optional.empty(), OptionalLong.empty(), new byte[0]);
    }

    /** Whether it is the placeholder of a purged event: any other has a topic. */
    public boolean isPurged() {
        return topics.isEmpty();
    }

    /** Size for retention: the bytes of its data, id, type and topics. Costs O(length of id, type and topics). */
    public long size() {
        long bytes = data.size()
                + Utf8.length(id.value())
                + type.map(own -> Utf8.length(own.name())).orElse(0L);
        for (Topic topic : topics) {
            bytes += Utf8.length(topic.name());
        }
        return bytes;
    }

    /** Estimated heap bytes of the event. Costs O(number of topics). */
    public long heapBytes() {
        return OBJECT_BYTES
                + frame.size()
                + data.ownBytes()
                + 2L * id.value().length()
                + type.map(own -> TYPE_OBJECT_BYTES + 2L * own.name().length()).orElse(0L)
                + Topic.heapBytes(topics);
    }
}
