package dev.herald.web;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Text from bytes of clients. What HTTP hands over as a string is Latin-1: one character a byte (RFC 9112 §2.2). */
final class Text {
    private Text() {}

    /**
     * The text that the bytes encode.
     *
     * @param what names the bytes, for the message
     * @throws RefusedException if they encode none
     */
    static String decode(String what, byte[] bytes, Charset charset) {
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new RefusedException(
                    ProblemType.INVALID_ENCODING, what + " is not valid " + charset + ": send it in UTF-8.");
        }
    }

    /** The UTF-8 text that HTTP decoded as Latin-1; fails as {@link #decode} does. */
    static String utf8(String what, String latin1) {
        return decode(what, latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** The UTF-8 text that HTTP decoded as Latin-1, with U+FFFD for what is not UTF-8. */
    static String lenientUtf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
