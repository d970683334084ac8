package dev.herald.log;

import java.util.List;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;

/** Selection of the events that {@link EventLog#purge} deletes. */
public sealed interface Purge {

    /** Whether it includes an event with this id and these topics. */
    boolean includes(EventId id, List<Topic> topics);

    /** Whether it includes the event. */
    default boolean includes(Event event) {
        return includes(event.id(), event.topics());
    }

    /** All events with this id: publishers may have given it several times. */
    record OfId(EventId id) implements Purge {
        @Override
        public boolean includes(EventId other, List<Topic> topics) {
            return other.equals(id);
        }
    }

    /** All events of exactly this topic, also as one of several. */
    record OfTopic(Topic topic) implements Purge {
        @Override
        public boolean includes(EventId id, List<Topic> topics) {
            return topics.contains(topic);
        }
    }
}
