package dev.herald.hub;

import java.util.Optional;

import dev.herald.log.TopicSnapshot;

/** Decision on a new stream: the position at which it starts, or a rejection. */
public sealed interface StartPosition {
    /** Rejection since the hub cannot serve the stream at the moment. */
    RetryLater RETRY_LATER = new RetryLater(EndNotice.OVERLOADED);

    /** After the requested position. */
    static At after(long position) {
        return new At(position, false, false, Optional.empty());
    }

    /** With the oldest retained event, as requested. */
    static At oldest(long horizon) {
        return new At(horizon, true, false, Optional.empty());
    }

    /** With the oldest retained event, since the requested position was removed or is unknown. */
    static At lost(long horizon) {
        return new At(horizon, true, true, Optional.empty());
    }

    /** With the events of a snapshot, as requested. It is reported if there are topics without an event in it. */
    static At with(TopicSnapshot snapshot) {
        return new At(snapshot.start(), false, !snapshot.complete(), Optional.of(snapshot));
    }

    /**
     * Start position of a stream.
     *
     * @param position last position that the stream skips
     * @param oldest whether it starts with the oldest retained event, so that events removed by retention before then
     *     are no loss
     * @param lost whether the requested position was removed or is unknown, or the snapshot is incomplete (PROTOCOL E6)
     * @param snapshot events that precede those after {@link TopicSnapshot#asOf()}
     */
    record At(long position, boolean oldest, boolean lost, Optional<TopicSnapshot> snapshot) implements StartPosition {}

    /** Rejection: the stream ends at once, and its client reconnects later (PROTOCOL E8, E12). */
    record RetryLater(EndNotice end) implements StartPosition {}
}
