package dev.herald.cluster;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.herald.event.EventId;
import dev.herald.event.EventType;
import dev.herald.event.Topic;
import dev.herald.event.Update;

/**
 * Entry of a shared log at its position. Its data is not copied, and must not change.
 *
 * @param id empty for transient events without an id of the publisher, for purged ones, and for orders
 * @param topics none for purged events, and for orders
 * @param data as published, in UTF-8; a digest of the id if it is purged and was public; the text of an order
 */
public record SharedEvent(
        long position,
        Kind kind,
        Optional<EventId> id,
        List<Topic> topics,
        boolean isPrivate,
        Optional<EventType> type,
        OptionalLong retryMillis,
        byte[] data) {

    /** Kind of an entry. The order is part of the format of shared logs. */
    public enum Kind {
        /** Kept event. */
        EVENT,
        /** Event that is delivered, and not kept. */
        TRANSIENT,
        /** Kept event that was purged: only its position is left. */
        PURGED,
        /** Order to all nodes: a {@link Control}. */
        ORDER
    }

    /** Event of an update. */
    static SharedEvent of(long position, boolean isTransient, Optional<EventId> id, Update update) {
        return new SharedEvent(
                position,
                isTransient ? Kind.TRANSIENT : Kind.EVENT,
                id,
                update.topics(),
                update.isPrivate(),
                update.type(),
                update.retryMillis(),
                update.data().getBytes(StandardCharsets.UTF_8));
    }

    /** Order at a position. */
    static SharedEvent of(long position, Control control) {
        return new SharedEvent(
                position,
                Kind.ORDER,
                Optional.empty(),
                List.of(),
                true,
                Optional.empty(),
                OptionalLong.empty(),
                control.text().getBytes(StandardCharsets.UTF_8));
    }
}
