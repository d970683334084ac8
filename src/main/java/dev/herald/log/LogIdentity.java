package dev.herald.log;

import java.util.Arrays;

/**
 * Identity of a log that several nodes share, by which a mirror of it is recognised. Immutable.
 *
 * @param key {@value CursorSeal#KEY_BYTES} bytes: the key of the cursors, which also identifies the log
 * @param generations all of them, in place of those of a mirror
 */
public record LogIdentity(byte[] key, Generations generations) {
    public LogIdentity {
        key = key.clone();
    }

    @Override
    public byte[] key() {
        return key.clone();
    }

    /** Whether a log has this key. */
    public boolean hasKey(byte[] other) {
        return Arrays.equals(key, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LogIdentity identity
                && identity.hasKey(key)
                && identity.generations.equals(generations);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(key);
    }

    /** Without the key, which seals cursors. */
    @Override
    public String toString() {
        return "LogIdentity";
    }
}
