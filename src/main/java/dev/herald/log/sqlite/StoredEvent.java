package dev.herald.log.sqlite;

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
 * Row of the event table whose checksum is right. An {@link Event} is made of it only if its topics match.
 *
 * @param previous position of the event before, 0 without one: events that stood between are missing
 * @param accepted when the log took it, in nanoseconds since 1970
 * @param bytesBefore sum of the sizes of all events before, from the log's beginning
 * @param type in UTF-8, empty without one
 * @param retryMillis the reconnection time, negative without one
 * @param data as published, or a finished block if {@code isBlock}
 * @param isBlock whether schema 1 wrote it
 */
record StoredEvent(
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
        boolean isBlock) {

    /** The event. Costs a copy of the data. */
    Event event() {
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
