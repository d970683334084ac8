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

    /** Each 0 stands for a digit. */
    private static final String CANONICAL = UUID_PREFIX + "00000000-0000-0000-0000-000000000000";

    private static final byte[] NOTHING = {};

    private StoredId() {}

    /** 16 bytes of an id that is a UUID in canonical form, else none: only that form can be restored from them. */
    public static byte[] uuid(EventId id) {
        String text = id.value();
        if (text.length() != CANONICAL.length()) {
            return NOTHING;
        }
        byte[] bytes = new byte[2 * Long.BYTES];
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = CANONICAL.charAt(i) == '0' ? digit(text.charAt(i)) : -1;
            if (digit >= 0) {
                bytes[digits / 2] = (byte) (bytes[digits / 2] << 4 | digit);
                digits++;
            } else if (CANONICAL.charAt(i) == '0' || text.charAt(i) != CANONICAL.charAt(i)) {
                return NOTHING;
            }
        }
        return bytes;
    }

    /** Value of a digit in lower case, else -1. */
    private static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
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
