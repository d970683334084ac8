package dev.herald.log.sqlite.rows;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.EventType;
import dev.herald.event.Topic;

/**
 * Row of the event table with a valid checksum. Its {@link Event} is created only if its topics match.
 *
 * @param previous position of the event before it, 0 without one: events between the two are missing
 * @param accepted time of acceptance, in nanoseconds since 1970
 * @param bytesBefore sum of the sizes of all events before it, from the log's beginning
 * @param type in UTF-8, empty without one
 * @param retryMillis the reconnection time, negative without one
 * @param data as published, or a finished block if {@code isBlock}, or if {@code isPurged} a digest of the id
 * @param isBlock whether schema 1 wrote it
 * @param isPurged whether it is the placeholder of a purged event, which has no id, topics or data
 */
public record StoredEvent(
        long position,
        long previous,
        EventId id,
        long accepted,
        long bytesBefore,
        List<Topic> topics,
        boolean isPrivate,
        byte[] type,
        long retryMillis,
        byte[] data,
        boolean isBlock,
        boolean isPurged) {
    private static final EventId NO_ID = new EventId("purged");
    private static final byte[] NO_TYPE = {};

    /**
     * Placeholder of a purged event.
     *
     * @param digest of its id; empty if it was private
     */
    public static StoredEvent purged(
            long position, long previous, long accepted, long bytesBefore, boolean isPrivate, byte[] digest) {
        return new StoredEvent(
                position,
                previous,
                NO_ID,
                accepted,
                bytesBefore,
                List.of(),
                isPrivate,
                NO_TYPE,
                -1,
                digest,
                false,
                true);
    }

    /** The event, unless it is purged. Costs a copy of the data. */
    public Event event() {
        if (isPurged) {
            throw new IllegalStateException("The event at " + position + " is purged.");
        }
        if (isBlock) {
            FinishedBlock block = FinishedBlock.parse(data);
            return event(block.type(), block.retryMillis(), block.data());
        }
        return event(
                type.length == 0
                        ? Optional.empty()
                        : Optional.of(new EventType(new String(type, StandardCharsets.UTF_8))),
                retryMillis < 0 ? OptionalLong.empty() : OptionalLong.of(retryMillis),
                data);
    }

    private Event event(Optional<EventType> ofType, OptionalLong retry, byte[] utf8) {
        return Event.kept(position, id, Instant.ofEpochSecond(0, accepted), topics, isPrivate, ofType, retry, utf8);
    }
}
