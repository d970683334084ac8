package dev.herald.web;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text from bytes of clients. What HTTP hands over as a string is Latin-1: one character a byte (RFC 9112 §2.2). */
final class Utf8 {
    private Utf8() {}

    /**
     * The text that the bytes encode.
     *
     * @param what names the bytes, for the message
     * @throws RefusedException if they are not UTF-8
     */
    static String strict(String what, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RefusedException(ProblemType.INVALID_ENCODING, what + " is not valid UTF-8: send it as UTF-8.");
        }
    }

    /** As {@link #strict(String, byte[])}, for text that HTTP decoded as Latin-1. */
    static String strict(String what, String latin1) {
        return strict(what, latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The text that HTTP decoded as Latin-1, with U+FFFD for what is not UTF-8. */
    static String lenient(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
