package dev.herald.stats;

import java.time.Instant;
import java.util.Optional;

/**
 * State of the keys that verify the tokens of publishers or of subscribers. Immutable.
 *
 * @param confirmed time at which the keys in use were last found in their source: the end of the last successful fetch,
 *     or the last read of the key file that had them. Empty before, and for keys that are a setting
 * @param succeeded number of fetches of an issuer's keys since the start
 * @param failed number of failed fetches since the start
 * @param fileUsable whether the last reading of the key file had usable keys; empty for keys that are not in a file
 */
public record KeyStats(Optional<Instant> confirmed, long succeeded, long failed, Optional<Boolean> fileUsable) {
    /** Of keys that are a setting. */
    public static final KeyStats NONE = new KeyStats(Optional.empty(), 0, 0, Optional.empty());

    /** Of an issuer's keys. */
    public static KeyStats fetched(Optional<Instant> end, long succeeded, long failed) {
        return new KeyStats(end, succeeded, failed, Optional.empty());
    }

    /** Of the keys in a file. */
    public static KeyStats read(Instant confirmed, boolean usable) {
        return new KeyStats(Optional.of(confirmed), 0, 0, Optional.of(usable));
    }
}
