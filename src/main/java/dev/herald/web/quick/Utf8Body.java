package dev.herald.web.quick;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import dev.herald.http.ProblemType;
import dev.herald.http.RequestRejectedException;

/**
 * Body in UTF-8 that arrives in parts. Removes a leading byte order mark, at which Jackson fails if it is cut.
 * Validates the encoding, since Jackson accepts overlong sequences and encoded surrogates. Used by one thread at a
 * time.
 */
final class Utf8Body {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final int STEP_CHARACTERS = 4_096;
    private static final byte[] NOTHING = {};

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final CharBuffer characters = CharBuffer.allocate(STEP_CHARACTERS);

    /** First bytes, until it is known whether they are a byte order mark; then null. */
    private byte[] head = NOTHING;

    /** Bytes of a character that is not complete yet, at most 3. */
    private byte[] rest = NOTHING;

    /**
     * The bytes to parse next; may be none, and may begin with bytes of earlier parts.
     *
     * @throws RequestRejectedException if they are not UTF-8
     */
    byte[] feed(byte[] part) {
        if (head == null) {
            return validated(part);
        }
        head = joined(head, part);
        return head.length < BYTE_ORDER_MARK.length ? NOTHING : begun();
    }

    /**
     * The last bytes to parse; may be none.
     *
     * @throws RequestRejectedException if they are not UTF-8, or a character at the end is not complete
     */
    byte[] end() {
        byte[] last = head == null ? NOTHING : begun();
        decode(rest, true);
        return last;
    }

    private byte[] begun() {
        byte[] first = head;
        head = null;
        boolean marked = first.length >= BYTE_ORDER_MARK.length
                && Arrays.equals(first, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
        return validated(marked ? Arrays.copyOfRange(first, BYTE_ORDER_MARK.length, first.length) : first);
    }

    private byte[] validated(byte[] part) {
        decode(rest.length == 0 ? part : joined(rest, part), false);
        return part;
    }

    private void decode(byte[] bytes, boolean last) {
        ByteBuffer input = ByteBuffer.wrap(bytes);
        CoderResult result = CoderResult.OVERFLOW;
        while (result.isOverflow()) {
            result = decoder.decode(input, characters.clear(), last);
        }
        if (result.isError()) {
            throw new RequestRejectedException(
                    ProblemType.INVALID_ENCODING,
                    "The body is not valid UTF-8: send it in UTF-8. Nothing was published.");
        }
        rest = new byte[input.remaining()];
        input.get(rest);
    }

    private static byte[] joined(byte[] some, byte[] more) {
        return ByteBuffer.allocate(some.length + more.length)
                .put(some)
                .put(more)
                .array();
    }
}
