package dev.herald.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Decoder of text from clients, in which HTTP strings are Latin-1, one character a byte (RFC 9112 §2.2). */
public final class Text {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    /** The mark in UTF-8, one character a byte. */
    private static final String UTF_8_MARK = "\u00EF\u00BB\u00BF";

    private Text() {}

    /**
     * The text that the bytes encode.
     *
     * @param what name of the bytes, for the message
     * @throws RequestRejectedException if they are not valid in this charset
     */
    static String decode(String what, byte[] bytes, Charset charset) {
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new RequestRejectedException(
                    ProblemType.INVALID_ENCODING, what + " is not valid " + charset + ": send it in UTF-8.");
        }
    }

    /**
     * The text of a request's body, without a leading byte order mark (RFC 8259 §8.1).
     *
     * @throws RequestRejectedException if the bytes are not valid in this charset
     */
    public static String body(byte[] bytes, Charset charset) {
        if (charset.equals(StandardCharsets.UTF_8)) {
            rejectUtf16(bytes);
        }
        String text = decode("The body", bytes, charset);
        return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    /**
     * A form's body for {@link Parameters#parse}: one character a byte, without a leading byte order mark, which would
     * become part of the first field's name.
     *
     * @throws RequestRejectedException if it is UTF-16
     */
    public static String form(byte[] bytes) {
        rejectUtf16(bytes);
        String latin1 = new String(bytes, StandardCharsets.ISO_8859_1);
        return latin1.startsWith(UTF_8_MARK) ? latin1.substring(UTF_8_MARK.length()) : latin1;
    }

    /** Neither byte occurs in UTF-8. */
    private static void rejectUtf16(byte[] bytes) {
        if (bytes.length >= 2
                && (bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF
                        || bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE)) {
            throw new RequestRejectedException(
                    ProblemType.INVALID_ENCODING,
                    "The body begins with a byte order mark of UTF-16 or UTF-32: send it in UTF-8.");
        }
    }

    /** The UTF-8 text that HTTP decoded as Latin-1; fails as {@link #decode} does. */
    static String utf8(String what, String latin1) {
        return decode(what, latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** The text as the value of a response header: UTF-8 bytes, one character a byte, since Vert.x writes Latin-1. */
    public static String headerValue(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The UTF-8 text that HTTP decoded as Latin-1; U+FFFD replaces what is not UTF-8. */
    static String lenientUtf8(String latin1) {
        return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
