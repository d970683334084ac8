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

    /** Streams of the quick API, below the prefix. */
    public static final String STREAM = "/SSE";

    /** The client page, and the streams for clients that write the path in lower case; below the prefix. */
    public static final String STREAM_ALIAS = "/sse";

    /** Batches of updates, below the prefix. */
    public static final String UPDATES = "/updates";

    /** The Mercure hub, below the prefix (RFC 8615). */
    public static final String MERCURE = "/.well-known/mercure";

    /** The active subscriptions, below the hub. */
    public static final String SUBSCRIPTIONS = MERCURE + "/subscriptions";

    /** The JavaScript client, below the prefix. */
    public static final String CLIENT = "/herald.js";

    /** The figures, below the prefix. */
    public static final String FIGURES = "/figures";

    /** Administration, below the prefix. */
    public static final String ADMIN = "/admin";

    private static final int MAX_QUOTED_CHARACTERS = 200;

    /** Most levels of nested percent-escapes that are decoded. */
    private static final int MAX_DECODINGS = 8;

    /** Part of the name of each reserved path that survives the removal of dot segments. */
    private static final String RESERVED = "well-known";

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** Matrix parameters and a slash at the end: Quarkus REST ignores both. */
    private static final Pattern MATRIX_OR_SLASH = Pattern.compile(";[^/]*|/$");

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:");
    private static final Pattern AUTHORITY = Pattern.compile("^//[^/?#]*");
    private static final Pattern HOST_AFTER_SCHEME = Pattern.compile("^/*[^/?#]*");
    private static final Pattern ESCAPE = Pattern.compile("%[0-9A-Fa-f]{2}");
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

    /** Path of the quick API's publishing. */
    public String message() {
        return prefix + MESSAGE;
    }

    /** Path of batches of updates. */
    public String updates() {
        return prefix + UPDATES;
    }

    /** Path of the quick API's streams. */
    public String stream() {
        return prefix + STREAM;
    }

    /** Whether a path, as it was sent, is one at which a {@code POST} opens a stream and publishes nothing (PROTOCOL Q19). */
    public boolean isStream(String path) {
        String withoutSlash = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return withoutSlash.equals(stream()) || withoutSlash.equals(prefix + STREAM_ALIAS);
    }

    /** Detail of a 404. */
    static String nothingAt(String path) {
        // A path may be as long as a request line.
        String shortened =
                path.length() <= MAX_QUOTED_CHARACTERS ? path : path.substring(0, MAX_QUOTED_CHARACTERS) + "…";
        return "There is nothing at '" + shortened
                + "': publish with POST /message or POST /updates, subscribe with GET /SSE, or do"
                + " both as Mercure does at "
                + MERCURE + ".";
    }

    /** Path of the figures. */
    public String figures() {
        return prefix + FIGURES;
    }

    /** Path of the administration. */
    public String admin() {
        return prefix + ADMIN;
    }

    /** Path of a file or resource below the prefix. */
    public String below(String path) {
        return prefix + path;
    }

    /** Methods of a normalised path at which there is something, for the header {@code Allow}. */
    public String allowed(String path) {
        String name = path.startsWith(prefix) ? path.substring(prefix.length()) : path;
        String withoutSlash = MATRIX_OR_SLASH.matcher(name).replaceAll("");
        return switch (withoutSlash) {
            case MESSAGE -> "POST, OPTIONS";
            case UPDATES -> "GET, HEAD, POST, OPTIONS";
            case STREAM, STREAM_ALIAS, MERCURE -> "GET, HEAD, POST, QUERY, OPTIONS";
            case ADMIN + "/streams" -> "GET, HEAD, DELETE, OPTIONS";
            case ADMIN + "/revocations" -> "GET, HEAD, POST, DELETE, OPTIONS";
            case ADMIN + "/events" -> "DELETE, OPTIONS";
            default -> withoutSlash.startsWith(ADMIN + "/streams/") ? "DELETE, OPTIONS" : "GET, HEAD, OPTIONS";
        };
    }

    /** Whether the path is that of the client page. */
    public boolean isPage(String path) {
        return path.equals(prefix + "/") || path.equals(prefix + STREAM_ALIAS) || path.equals(prefix + "/index.html");
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
    public static boolean equalDecoded(String path, String other) {
        return normalized(path).equals(normalized(other));
    }

    private static String normalized(String path) {
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
    public void rejectReserved(Topic topic) {
        String text = topic.name();
        for (int i = 0; i < MAX_DECODINGS; i++) {
            if (isReserved(text)) {
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
    private boolean isReserved(String topic) {
        if (!mentionsReserved(topic)) {
            // Of a thousand long topics in one update, none is split into segments for nothing.
            return false;
        }
        String text = topic.replace('\\', '/').strip();
        Matcher scheme = SCHEME.matcher(text);
        boolean hasScheme = scheme.lookingAt();
        String afterScheme = hasScheme ? text.substring(scheme.end()) : text;
        boolean hasAuthority = afterScheme.startsWith("//");
        if (!hasAuthority && resolvesBelow(afterScheme)) {
            return true;
        }
        // After a scheme, browsers take the first segment for the host, however many slashes precede it (WHATWG URL).
        // Others take what follows exactly two (RFC 3986 §3.2).
        return hasAuthority && resolvesBelow(AUTHORITY.matcher(afterScheme).replaceFirst(""))
                || (hasScheme || hasAuthority)
                        && resolvesBelow(HOST_AFTER_SCHEME.matcher(afterScheme).replaceFirst(""));
    }

    private boolean resolvesBelow(String path) {
        return isBelow(withoutDotSegments(path)) || isBelow(withoutDotSegments(path.split("[?#]", 2)[0]));
    }

    private static boolean mentionsReserved(String topic) {
        int start = RESERVED.indexOf('-');
        for (int i = topic.indexOf('-'); i >= 0; i = topic.indexOf('-', i + 1)) {
            if (topic.regionMatches(true, i - start, RESERVED, 0, RESERVED.length())) {
                return true;
            }
        }
        return false;
    }

    private boolean isBelow(String path) {
        return isBelow(path, MERCURE) || isBelow(path, mercure());
    }

    private static boolean isBelow(String path, String reserved) {
        return path.regionMatches(true, 0, reserved, 0, reserved.length())
                && (path.length() == reserved.length() || "/?#".indexOf(path.charAt(reserved.length())) >= 0);
    }

    /** Decodes percent-escapes once; a percent sign that escapes nothing stays. */
    private static String decode(String text) {
        if (!ESCAPE.matcher(text).find()) {
            return text;
        }
        String decodable = BROKEN_ESCAPE.matcher(text).replaceAll("%25").replace("+", "%2B");
        return QueryStringDecoder.decodeComponent(decodable, StandardCharsets.UTF_8);
    }

    /** The path without dot segments and empty segments (RFC 3986 §5.2.4, WHATWG URL). */
    private static String withoutDotSegments(String path) {
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
}
