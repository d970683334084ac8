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

/** Frames that the hub itself writes to a stream (PROTOCOL Q8, E4, E6, E8, E11). Thread-safe. */
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

    /** First block of a stream: reconnection time, start cursor, and an empty message. */
    Frame opening(long position) {
        return Frame.builder()
                .retryMillis(OptionalLong.of(retryMillis))
                .id(cursors.seal(position))
                .data("{}")
                .build();
    }

    /** Comment line that keeps the connection alive; not an event. */
    Frame heartbeat() {
        return COMMENT;
    }

    /**
     * Cursor of the subscriber's position, as an event of its own type: some clients report an {@code id:} without data
     * as an empty message (decision 120).
     */
    Frame cursor(long position) {
        return Frame.builder()
                .type(CURSOR)
                .id(cursors.seal(position))
                .data("{}")
                .build();
    }

    /**
     * Gap event: events are missing here.
     *
     * @param requested where the subscriber asked to resume
     * @param position where the stream resumes, exclusive
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

    /** Live event: the replay ends here. */
    Frame live(long position) {
        return Frame.builder().type(LIVE).id(cursors.seal(position)).data("{}").build();
    }

    /**
     * Randomised reconnection time, from one to two times the configured one, so that clients do not reconnect all at
     * once. Clients apply the field at the end of its line, so no blank line is needed (HTML §9.2.6).
     */
    Frame retry() {
        long jitter = ThreadLocalRandom.current().nextLong(retryMillis + 1);
        return Frame.builder()
                .retryMillis(OptionalLong.of(retryMillis + jitter))
                .buildOpen();
    }
}
