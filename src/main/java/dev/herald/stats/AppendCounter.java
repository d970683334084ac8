package dev.herald.stats;

/** What the log's thread counts. */
public enum AppendCounter {
    /** Events stored. */
    EVENTS,
    /** Bytes of the events stored. */
    BYTES,
    /** Events that were ordered and not stored. */
    TRANSIENT_EVENTS,
    /** Updates of batches that failed. */
    FAILED,
    /** Batches that were acknowledged again and not stored. */
    REPEATED
}
