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

/** Frames that the hub itself writes to a stream (PROTOCOL Q8, E4, E6, E8, E11, E12). Thread-safe. */
final class ControlFrames {
    private static final Frame COMMENT = Frame.builder().comment().buildOpen();
    private static final Optional<EventType> CURSOR = Optional.of(new EventType("cursor"));
    private static final Optional<EventType> END = Optional.of(new EventType("end"));
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
        return Frame.builder().retryMillis(randomRetry()).buildOpen();
    }

    private OptionalLong randomRetry() {
        return OptionalLong.of(retryMillis + ThreadLocalRandom.current().nextLong(retryMillis + 1));
    }

    /**
     * End event with a randomised reconnection time (PROTOCOL E12).
     *
     * @param id where to resume; without it, the client keeps what it has or begins anew
     */
    private Frame end(EndNotice end, Optional<String> id) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        data.put("reason", end.reason().code()).put("detail", end.detail());
        Frame.Builder frame = Frame.builder().retryMillis(randomRetry()).type(END);
        id.ifPresent(frame::id);
        return frame.data(data.toString()).build();
    }

    /** End event of an open stream, whose client resumes after this position. */
    Frame end(EndNotice end, long position) {
        return end(end, Optional.of(cursors.seal(position)));
    }

    /**
     * End event of a rejected stream. Its client resumes where this stream was to begin: after the id that it sent, or
     * after the position at this time. A request with {@code since} and no id begins anew. An event without an id would
     * reset the one that the client has (HTML §9.2.6).
     */
    Frame rejection(EndNotice end, Subscription rejected, long head) {
        if (rejected.lastEventId().isPresent()) {
            return end(end, rejected.lastEventId().filter(ControlFrames::canBeSent));
        }
        return end(end, rejected.since().isPresent() ? Optional.empty() : Optional.of(cursors.seal(head)));
    }

    private static boolean canBeSent(String id) {
        return id.length() <= EventId.MAX_BYTES && id.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0);
    }
}
