package dev.herald.stats;

/** Reason for which a stream ended. */
public enum StreamEnd {
    /** The client closed the connection or the stream, or the connection was reset. */
    DISCONNECTED,
    /** The client acknowledged nothing for the write timeout: its network is gone. */
    VANISHED,
    /** The client read nothing for the write timeout. */
    SLOW,
    /** The token or the maximum age expired, or the hub drained. */
    EXPIRED,
    /** The stream was refused with a time to reconnect: a limit is reached, or the hub drains. */
    REJECTED,
    /** The stream was refused with a time to reconnect: its client has as many as it may have. */
    LIMITED,
    /** An administrator ended the stream. */
    KICKED,
    /** The token, or its subject, was revoked. */
    REVOKED,
    /** Retention overtook a stream that does not accept gap events. */
    GAP,
    /** The log could not be read, or serving the stream failed. */
    FAILED
}
