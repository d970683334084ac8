package dev.herald.hub;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.herald.event.EventId;
import dev.herald.event.EventType;
import dev.herald.event.Frame;
import dev.herald.log.Cursors;

/** The lines of a stream that are the hub's own and no publisher's (PROTOCOL Q8, E4, E6, E8, E11). Thread-safe. */
final class ControlFrames {
    private static final Frame COMMENT = Frame.builder().comment().buildOpen();
    private static final Optional<EventType> CURSOR = Optional.of(new EventType("cursor"));
    private static final Optional<EventType> GAP = Optional.of(new EventType("gap"));
    private static final Optional<EventType> LIVE = Optional.of(new EventType("live"));

    private final Cursors cursors;
    private final long retryMillis;

    ControlFrames(Cursors cursors, Duration retry) {
        this.cursors = cursors;
        this.retryMillis = retry.toMillis();
    }

    /** First block of a stream: when to come back, where the stream begins, and an empty message. */
    Frame opening(long position) {
        return Frame.builder()
                .retryMillis(OptionalLong.of(retryMillis))
                .id(cursors.seal(position))
                .data("{}")
                .build();
    }

    /** A comment, which keeps the connection alive and is no event. */
    Frame heartbeat() {
        return COMMENT;
    }

    /**
     * The position that the subscriber has reached, as an event of a type of its own: an {@code id:} without data is an
     * empty message to some clients (decision 120).
     */
    Frame cursor(long position) {
        return Frame.builder()
                .type(CURSOR)
                .id(cursors.seal(position))
                .data("{}")
                .build();
    }

    /**
     * Tells that events are missing here.
     *
     * @param requested what the subscriber wanted to continue from
     * @param position where the stream goes on, exclusive
     */
    Frame gap(Optional<String> requested, long position) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        requested.ifPresent(id -> data.put("requested", id));
        data.put("resumedAt", EventId.EARLIEST);
        return Frame.builder()
                .type(GAP)
                .id(cursors.seal(position))
                .data(data.toString())
                .build();
    }

    /** Tells that what was published before the stream was live ends here. */
    Frame live(long position) {
        return Frame.builder().type(LIVE).id(cursors.seal(position)).data("{}").build();
    }

    /**
     * When to reconnect: between one and two reconnection times from now, at random, so that not all clients reconnect at
     * once. Clients take the field at the end of its line, so no blank line is needed (HTML §9.2.6).
     */
    Frame retry() {
        long jitter = ThreadLocalRandom.current().nextLong(retryMillis + 1);
        return Frame.builder()
                .retryMillis(OptionalLong.of(retryMillis + jitter))
                .buildOpen();
    }
}
