package dev.herald.http;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.quarkus.vertx.http.runtime.VertxHttpBuildTimeConfig;

import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;

/**
 * URL paths of the hub, with the prefix under which it is served (PROTOCOL M14, M40, M50). They are also the topics of
 * the hub's own updates, so clients may not publish to them.
 */
@ApplicationScoped
public class HubPaths {
    /** Publishing path of the quick API, below the prefix. */
    public static final String MESSAGE = "/message";

    /** The Mercure hub, below the prefix (RFC 8615). */
    public static final String MERCURE = "/.well-known/mercure";

    /** The active subscriptions, below the hub. */
    public static final String SUBSCRIPTIONS = MERCURE + "/subscriptions";

    /** The figures, below the prefix. */
    public static final String FIGURES = "/figures";

    /** Most levels of nested percent-escapes that are decoded. */
    private static final int MAX_DECODINGS = 8;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final Pattern AUTHORITY = Pattern.compile("[^/?#]*//[^/?#]*");
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private final String prefix;

    HubPaths(VertxHttpBuildTimeConfig config) {
        String root = "/" + config.rootPath();
        this.prefix = root.replaceAll("/+", "/").replaceAll("/$", "");
    }

    /** Path of the Mercure hub. */
    public String mercure() {
        return prefix + MERCURE;
    }

    /** Path of the figures. */
    public String figures() {
        return prefix + FIGURES;
    }

    /** Whether the path is that of the client page. */
    public boolean isPage(String path) {
        return path.equals(prefix + "/") || path.equals(prefix + "/sse") || path.equals(prefix + "/index.html");
    }

    /** Path of all active subscriptions, of those with one selector, or of one subscription. Escapes each segment. */
    public String subscriptions(String... segments) {
        StringBuilder path = new StringBuilder(prefix).append(SUBSCRIPTIONS);
        for (String segment : segments) {
            path.append('/');
            escape(segment, path);
        }
        return path.toString();
    }

    /** Whether two paths are equal after decoding percent-escapes (RFC 3986 §6.2.2). */
    public static boolean sameButForEscapes(String path, String other) {
        return escapedAlike(path).equals(escapedAlike(other));
    }

    private static String escapedAlike(String path) {
        StringBuilder out = new StringBuilder();
        for (String segment : path.split("/", -1)) {
            out.append('/');
            escape(decode(segment), out);
        }
        return out.toString();
    }

    /** Escapes all but unreserved characters (RFC 3986 §2.3), so that the result is one segment. */
    private static void escape(String text, StringBuilder out) {
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0)) {
                out.append(c);
            } else {
                HEX.toHexDigits(out.append('%'), octet);
            }
        }
    }

    /**
     * Rejects a topic that is one of the hub's own, or that a client might resolve to one.
     *
     * @throws InvalidFieldException if it lies below the hub's path: escaped, with dot segments, or on any host
     */
    public void refuseReserved(Topic topic) {
        String text = topic.name();
        for (int i = 0; i < MAX_DECODINGS; i++) {
            if (reserved(text)) {
                throw new InvalidFieldException(
                        "topic",
                        "must not be inside of '" + MERCURE + "', which is reserved for the hub: choose another.");
            }
            String decoded = decode(text);
            if (decoded.equals(text)) {
                return;
            }
            text = decoded;
        }
        throw new InvalidFieldException("topic", "is percent-encoded too many times: send it unescaped.");
    }

    /** Checks the topic with and without what follows {@code ?} or {@code #}: an escaped one is part of the path. */
    private boolean reserved(String topic) {
        String path = withoutAuthority(topic.replace('\\', '/').strip());
        return inside(withoutDots(path)) || inside(withoutDots(path.split("[?#]", 2)[0]));
    }

    private boolean inside(String path) {
        return inside(path, MERCURE) || inside(path, mercure());
    }

    private static boolean inside(String path, String reserved) {
        return path.regionMatches(true, 0, reserved, 0, reserved.length())
                && (path.length() == reserved.length() || "/?#".indexOf(path.charAt(reserved.length())) >= 0);
    }

    /** Decodes percent-escapes once; a percent sign that escapes nothing stays. */
    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        String decodable = BROKEN_ESCAPE.matcher(text).replaceAll("%25").replace("+", "%2B");
        return QueryStringDecoder.decodeComponent(decodable, StandardCharsets.UTF_8);
    }

    /** The path without dot segments and empty segments (RFC 3986 §5.2.4, WHATWG URL). */
    private static String withoutDots(String path) {
        StringBuilder out = new StringBuilder();
        for (String segment : path.split("/+")) {
            if (segment.equals("..")) {
                out.setLength(Math.max(0, out.lastIndexOf("/")));
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                out.append('/').append(segment);
            }
        }
        return out.toString();
    }

    /** The part after the host, if the text is a URL with a host. */
    private static String withoutAuthority(String topic) {
        Matcher authority = AUTHORITY.matcher(topic);
        return authority.lookingAt() ? topic.substring(authority.end()) : topic;
    }
}
