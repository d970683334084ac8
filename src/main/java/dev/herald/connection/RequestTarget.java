package dev.herald.connection;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Normaliser of request targets as browsers write them (PROTOCOL Q20). The WHATWG URL Standard leaves {@code { } | ^ `}
 * and a percent sign that escapes nothing unescaped; RFC 3986 allows none of them. They are escaped once, before the
 * target is parsed.
 */
final class RequestTarget {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /**
     * Symbols allowed in a path or query (RFC 3986 §2), without the percent sign; and {@code #}, which no browser
     * sends. If it were escaped, the text after it would become part of the path or query, and could change what is
     * published.
     */
    private static final String ALLOWED_SYMBOLS = "-._~:/?@!$&'()*+,;=#";

    private RequestTarget() {}

    /**
     * The same target in the characters of RFC 3986, so that every decoder reads what a lenient one would read.
     *
     * @param target one character a byte; characters outside Latin-1 are escaped as UTF-8
     */
    static String escaped(String target) {
        for (int i = 0; i < target.length(); i++) {
            if (!isAllowed(target, i)) {
                return escapedFrom(target, i);
            }
        }
        return target;
    }

    /**
     * Whether the escaped target is a URI. Quarkus answers any other with a bare 400: one that begins with {@code //} and
     * names no host, and one with two number signs.
     */
    static boolean isUri(String target) {
        if (!target.startsWith("//") && target.indexOf('#') < 0) {
            return true;
        }
        try {
            new URI(target);
            return true;
        } catch (URISyntaxException invalid) {
            return false;
        }
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
