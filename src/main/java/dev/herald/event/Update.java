package dev.herald.event;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Message of a publisher, not yet accepted by the log.
 *
 * @param topics the canonical topic, then its alternates; at least one
 * @param data the payload; any text, of any number of lines
 * @param isPrivate whether only subscribers with a grant may receive it ({@code private} in Mercure)
 * @param id the publisher's own id; if absent, the log creates one
 * @param type the event's type
 * @param retryMillis new reconnection time of subscribers, in milliseconds, 0 or more
 */
public record Update(
        List<Topic> topics,
        String data,
        boolean isPrivate,
        Optional<EventId> id,
        Optional<EventType> type,
        OptionalLong retryMillis) {
    /** Estimated heap bytes of the objects of an update and its event, without their texts. */
    private static final long OBJECT_BYTES = 600;

    private static final long MADE_ID_BYTES = "urn:uuid:00000000-0000-0000-0000-000000000000".length();

    /**
     * @throws InvalidFieldException if there is no topic, the reconnection time is negative, or the id has white space
     *     at an end: HTTP and clients remove it, so clients could not resume from the event
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

    /** Public update with only a topic and data. */
    public static Update of(Topic topic, String data) {
        return new Update(List.of(topic), data, false, Optional.empty(), Optional.empty(), OptionalLong.empty());
    }

    /** Adds all fields to a fingerprint. Costs O(length of the data). */
    public void addTo(Fingerprint.Builder fingerprint) {
        fingerprint.add(topics.size());
        topics.forEach(topic -> fingerprint.add(topic.name()));
        fingerprint.add(data).add(isPrivate ? 1 : 0);
        // Neither can be empty, so that an empty text represents an absent one.
        fingerprint
                .add(id.map(EventId::value).orElse(""))
                .add(type.map(EventType::name).orElse(""));
        fingerprint.add(retryMillis.orElse(-1));
    }

    /** Size of the resulting frame, in bytes. Costs O(length of the data). */
    long frameBytes() {
        long idBytes = id.map(own -> Utf8.length(own.value())).orElse(MADE_ID_BYTES);
        return Frame.linesBytes(idBytes, type, retryMillis) + Frame.dataBytes(data) + 1;
    }

    /**
     * Estimated heap bytes of the update, of its frame, and of the data in UTF-8, which is never larger than the frame.
     * Costs O(length of the data).
     */
    public long heapBytes() {
        return OBJECT_BYTES + 2L * data.length() + Topic.heapBytes(topics) + 2 * frameBytes();
    }
}
