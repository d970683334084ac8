package dev.herald.log.sqlite.columns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

import dev.herald.event.EventId;

/**
 * Encoding of event ids in the table: 16 bytes if the id is a {@code urn:uuid:} in canonical form, else text.
 * Stateless.
 */
public final class StoredId {
    private static final String UUID_PREFIX = "urn:uuid:";
    private static final int UUID_TEXT_LENGTH = 45;
    private static final byte[] NOTHING = {};

    private StoredId() {}

    /** 16 bytes of an id that is a UUID in canonical form, else none: only that form can be restored from them. */
    public static byte[] uuid(EventId id) {
        String text = id.value();
        if (text.length() != UUID_TEXT_LENGTH || !text.startsWith(UUID_PREFIX)) {
            return NOTHING;
        }
        try {
            String digits = text.substring(UUID_PREFIX.length());
            UUID uuid = UUID.fromString(digits);
            return uuid.toString().equals(digits)
                    ? ByteBuffer.allocate(16)
                            .putLong(uuid.getMostSignificantBits())
                            .putLong(uuid.getLeastSignificantBits())
                            .array()
                    : NOTHING;
        } catch (IllegalArgumentException notOne) {
            return NOTHING;
        }
    }

    /** Decodes an id. */
    public static EventId read(byte[] bytes, boolean isText) {
        if (isText) {
            return new EventId(new String(bytes, StandardCharsets.UTF_8));
        }
        ByteBuffer halves = ByteBuffer.wrap(bytes);
        return new EventId(UUID_PREFIX + new UUID(halves.getLong(), halves.getLong()));
    }
}
