package dev.herald.stats;

/** What a lane counts besides the ends of its streams. The first group has current numbers, the others only grow. */
public enum LaneCounter {
    /** Streams in the state live. */
    LIVE,
    /** Topic selectors of all streams. */
    SELECTORS,
    /** Distinct topics that are selected exactly. */
    TOPICS,
    /** Distinct templates that are matched on the event loop. */
    TEMPLATES,
    /** Streams of all topics. */
    WILDCARDS,
    /** Streams that pull, since their selectors or grants are expensive. */
    PULLING,
    /** Position up to which events were delivered live. */
    POSITION,

    /** Public events delivered live, once for each stream. */
    PUBLIC_LIVE,
    /** Private events delivered live, once for each stream. */
    PRIVATE_LIVE,
    /** Public events replayed, once for each stream. */
    PUBLIC_REPLAYED,
    /** Private events replayed, once for each stream. */
    PRIVATE_REPLAYED,
    /** Writes of live events: all events of one turn for one stream. */
    LIVE_WRITES,
    /** Writes of replayed events. */
    REPLAY_WRITES,
    /** Changes from catching up to live. */
    CAUGHT_UP,
    /** Changes from live to catching up. */
    FELL_BEHIND,
    /** Gaps: reported in the stream, or by its end. */
    GAPS,
    /** Comments sent on idle streams. */
    HEARTBEATS,
    /** Cursors sent on idle streams. */
    CURSORS
}
