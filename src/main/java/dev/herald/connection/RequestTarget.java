package dev.herald.connection;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Request targets as browsers write them (PROTOCOL Q20): the WHATWG URL Standard leaves {@code { } | ^ `} and a percent sign
 * that escapes nothing as they are, and RFC 3986 allows none of them. They are escaped here, once, before anything parses
 * the target.
 */
final class RequestTarget {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /**
     * RFC 3986 §2: all that may stand in a path or query, the percent sign apart; and {@code #}, which no browser sends. To
     * escape it would make what follows a part of the query or path, where it could change what is published.
     */
    private static final String ALLOWED_SYMBOLS = "-._~:/?@!$&'()*+,;=#";

    private RequestTarget() {}

    /**
     * The same target in the characters of RFC 3986, so that every decoder reads what a lenient one would have read.
     *
     * @param target one character a byte, or more if it is not Latin-1: those are escaped as UTF-8
     */
    static String escaped(String target) {
        for (int i = 0; i < target.length(); i++) {
            if (!isAllowed(target, i)) {
                return escapedFrom(target, i);
            }
        }
        return target;
    }

    private static String escapedFrom(String target, int first) {
        StringBuilder out = new StringBuilder(target.length() + 32).append(target, 0, first);
        for (int i = first; i < target.length(); i++) {
            char c = target.charAt(i);
            if (isAllowed(target, i)) {
                out.append(c);
            } else if (c <= 0xff) {
                HEX.toHexDigits(out.append('%'), (byte) c);
            } else {
                int end = Character.isHighSurrogate(c) && i + 1 < target.length() ? i + 2 : i + 1;
                for (byte octet : target.substring(i, end).getBytes(StandardCharsets.UTF_8)) {
                    HEX.toHexDigits(out.append('%'), octet);
                }
                i = end - 1;
            }
        }
        return out.toString();
    }

    private static boolean isAllowed(String target, int at) {
        char c = target.charAt(at);
        if (c == '%') {
            return at + 2 < target.length() && isHex(target.charAt(at + 1)) && isHex(target.charAt(at + 2));
        }
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || ALLOWED_SYMBOLS.indexOf(c) >= 0;
    }

    private static boolean isHex(char c) {
        return c < 0x80 && HexFormat.isHexDigit(c);
    }
}
