package dev.herald.web;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.herald.event.EventId;
import dev.herald.event.EventType;
import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.http.Parameters;
import dev.herald.http.RequestRejectedException;

/**
 * Fields of an update that both dialects have: {@code private}, {@code id}, {@code type} and {@code retry} (PROTOCOL
 * M10–M13, Q13). {@code private} is a flag set by its presence, so {@code private=false} is private, too. An empty id,
 * type or retry is absent.
 */
public final class UpdateFields {
    /** Its presence makes an update private. */
    public static final String PRIVATE = "private";

    /** The publisher's own id of the event. */
    public static final String ID = "id";

    /** The event's type. */
    public static final String TYPE = "type";

    /** The reconnection time of subscribers, in milliseconds. */
    public static final String RETRY = "retry";

    private UpdateFields() {}

    /**
     * The update with these topics, this data, and the fields in the parameters. The first value of a name is used.
     *
     * @throws RequestRejectedException if a value is not UTF-8
     * @throws InvalidFieldException if a value is invalid
     */
    public static Update update(List<Topic> topics, String data, Parameters fields) {
        return new Update(
                topics,
                data,
                fields.has(PRIVATE),
                field(fields, ID).map(EventId::new),
                field(fields, TYPE).map(EventType::new),
                retry(field(fields, RETRY)));
    }

    private static Optional<String> field(Parameters fields, String name) {
        return fields.first(name).filter(value -> !value.isEmpty());
    }

    private static OptionalLong retry(Optional<String> text) {
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!text.get().matches("[0-9]{1,18}")) {
            throw new InvalidFieldException(RETRY, "is not a number of milliseconds: send 1 to 18 ASCII digits.");
        }
        return OptionalLong.of(Long.parseLong(text.get()));
    }
}
