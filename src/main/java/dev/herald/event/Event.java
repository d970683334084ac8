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

    /** The same event at another position. */
    public Event at(long other) {
        return new Event(other, id, acceptedAt, topics, isPrivate, frame);
    }

    /** The event that {@code update} becomes at {@code position}. Encodes it: the cost is that of copying the data. */
    public static Event of(long position, EventId id, Instant acceptedAt, Update update) {
        Frame frame = Frame.builder()
                .id(id.value())
                .type(update.type())
                .retryMillis(update.retryMillis())
                .data(update.data())
                .build();
        return new Event(position, id, acceptedAt, update.topics(), update.isPrivate(), frame);
    }
}
