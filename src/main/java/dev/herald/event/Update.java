package dev.herald.event;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a publisher sent, before the log has accepted it.
 *
 * @param topics the canonical topic, then its alternates; at least one
 * @param data the payload; any text, of any number of lines
 * @param isPrivate whether only subscribers with a grant may learn of it ({@code private} in Mercure)
 * @param id the publisher's own id; without one the log makes one
 * @param type the event's type
 * @param retryMillis what a subscriber's reconnection time becomes, in milliseconds, 0 or more
 */
public record Update(
        List<Topic> topics,
        String data,
        boolean isPrivate,
        Optional<EventId> id,
        Optional<EventType> type,
        OptionalLong retryMillis) {

    /**
     * @throws InvalidFieldException if there is no topic, the reconnection time is negative, or the id has white space at an
     *     end: HTTP and clients remove it, so that the event could not be resumed from
     */
    public Update {
        topics = List.copyOf(topics);
        if (topics.isEmpty()) {
            throw new InvalidFieldException("topic", "is missing: name at least one.");
        }
        if (retryMillis.isPresent() && retryMillis.getAsLong() < 0) {
            throw new InvalidFieldException("retry", "is negative: give milliseconds, 0 or more.");
        }
        if (id.isPresent() && !EventId.strip(id.get().value()).equals(id.get().value())) {
            throw new InvalidFieldException("id", "has white space at its beginning or its end: remove it.");
        }
    }

    /** An update that anyone may read, with nothing but its data. */
    public static Update of(Topic topic, String data) {
        return new Update(List.of(topic), data, false, Optional.empty(), Optional.empty(), OptionalLong.empty());
    }
}
