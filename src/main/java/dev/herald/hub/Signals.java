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
import dev.herald.log.CursorSeal;

/** The blocks of a stream that are the hub's own and no publisher's (PROTOCOL Q8, E4, E6, E8, E11). Thread-safe. */
final class Signals {
    private static final Frame COMMENT = Frame.builder().comment().build();
    private static final Optional<EventType> GAP = Optional.of(new EventType("gap"));
    private static final Optional<EventType> LIVE = Optional.of(new EventType("live"));

    private final CursorSeal cursors;
    private final long retryMillis;

    Signals(CursorSeal cursors, Duration retry) {
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

    /** A comment and the position that the subscriber has reached, which a browser keeps without firing an event. */
    Frame heartbeat(long position) {
        return Frame.builder().comment().id(cursors.seal(position)).build();
    }

    /** A comment. */
    Frame heartbeat() {
        return COMMENT;
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

    /** Tells when to come back: between one and two reconnection times from now, at random, so that not all come at once. */
    Frame retry() {
        long jitter = ThreadLocalRandom.current().nextLong(retryMillis + 1);
        return Frame.builder()
                .retryMillis(OptionalLong.of(retryMillis + jitter))
                .build();
    }
}
