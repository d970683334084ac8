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

    private static final int LENGTH = (UUID_PREFIX + "00000000-0000-0000-0000-000000000000").length();

    private static final byte[] NOTHING = {};

    private StoredId() {}

    /** 16 bytes of an id that is a UUID in canonical form, else none: only that form can be restored from them. */
    public static byte[] uuid(EventId id) {
        String text = id.value();
        if (text.length() != LENGTH || !text.startsWith(UUID_PREFIX)) {
            return NOTHING;
        }
        byte[] bytes = new byte[2 * Long.BYTES];
        int at = UUID_PREFIX.length();
        for (int i = 0; i < bytes.length; i++) {
            if (i == 4 || i == 6 || i == 8 || i == 10) {
                // 8-4-4-4-12 digits.
                if (text.charAt(at) != '-') {
                    return NOTHING;
                }
                at++;
            }
            int high = digit(text.charAt(at));
            int low = digit(text.charAt(at + 1));
            if (high < 0 || low < 0) {
                return NOTHING;
            }
            bytes[i] = (byte) (high << 4 | low);
            at += 2;
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
