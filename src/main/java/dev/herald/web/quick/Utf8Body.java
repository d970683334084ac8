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
 * Body in UTF-8 that arrives in parts: removes a leading byte order mark, at which Jackson fails if it is cut, and
 * validates the encoding, since Jackson accepts overlong sequences and encoded surrogates. A second mark is rejected:
 * Jackson would skip it without counting its bytes, and all positions of values would be wrong. Used by one thread at a
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

    /** Whether the next byte is the first one behind the mark. */
    private boolean first = true;

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
        byte[] begin = head;
        head = null;
        boolean marked = begin.length >= BYTE_ORDER_MARK.length
                && Arrays.equals(begin, 0, BYTE_ORDER_MARK.length, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
        return validated(marked ? Arrays.copyOfRange(begin, BYTE_ORDER_MARK.length, begin.length) : begin);
    }

    private byte[] validated(byte[] part) {
        if (first && part.length > 0) {
            first = false;
            if (part[0] == BYTE_ORDER_MARK[0]) {
                throw new RequestRejectedException(
                        ProblemType.INVALID_JSON,
                        "The body has a second byte order mark, or another character before the JSON: send the JSON"
                                + " alone. Nothing was published.");
            }
        }
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
