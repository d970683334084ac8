package dev.herald.cluster;

import java.time.Duration;

import dev.herald.log.local.StoredKey;

/** What became of an entry of a batch. */
public sealed interface Outcome {
    /** It was appended. */
    Outcome APPENDED = new Appended();

    /** It was appended. */
    record Appended() implements Outcome {}

    /**
     * Nothing was appended, since the key is stored.
     *
     * @param key the stored one, which may have other content
     */
    record Repeated(StoredKey key) implements Outcome {}

    /**
     * Nothing was appended, since there is no room for the key.
     *
     * @param untilRoom time until the oldest key expires
     */
    record KeysFull(Duration untilRoom) implements Outcome {}
}
