package dev.herald.web;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

import jakarta.enterprise.context.ApplicationScoped;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.quarkus.vertx.http.runtime.VertxHttpBuildTimeConfig;

import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;

/**
 * The hub's own addresses, under whatever prefix it is served (PROTOCOL M14, M40, M50): absolute paths, which are the
 * topics of its own updates, too, and so are nobody else's to publish to.
 */
@ApplicationScoped
class HubPaths {
    /** The hub of Mercure, below the prefix (RFC 8615). */
    static final String MERCURE = "/.well-known/mercure";

    /** The active subscriptions, below the hub. */
    static final String SUBSCRIPTIONS = MERCURE + "/subscriptions";

    /** The figures, below the prefix. */
    static final String FIGURES = "/figures";

    /** Escapes within escapes are followed so deep. */
    private static final int MAX_DECODINGS = 8;

    private final String prefix;

    HubPaths(VertxHttpBuildTimeConfig config) {
        String root = "/" + config.rootPath();
        this.prefix = root.replaceAll("/+", "/").replaceAll("/$", "");
    }

    /** Path of the hub of Mercure. */
    String mercure() {
        return prefix + MERCURE;
    }

    /** Path of the figures. */
    String figures() {
        return prefix + FIGURES;
    }

    /** Whether the path is that of the client page. */
    boolean isPage(String path) {
        return path.equals(prefix + "/") || path.equals(prefix + "/sse") || path.equals(prefix + "/index.html");
    }

    /** Path of the active subscriptions, of those with one selector, or of one: each segment is escaped here. */
    String subscriptions(String... segments) {
        StringBuilder path = new StringBuilder(prefix).append(SUBSCRIPTIONS);
        for (String segment : segments) {
            path.append('/');
            escape(segment, path);
        }
        return path.toString();
    }

    /** Escapes all that is not unreserved (RFC 3986 §2.3), so that what was escaped is one segment. */
    private static void escape(String text, StringBuilder out) {
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0)) {
                out.append(c);
            } else {
                out.append(String.format("%%%02X", (int) c));
            }
        }
    }

    /**
     * Refuses a topic that is, or a client might take for, one of the hub's own.
     *
     * @throws InvalidFieldException if it lies inside of the hub's path: escaped, with dot segments, or on any host
     */
    void refuseReserved(Topic topic) {
        String text = topic.name();
        for (int i = 0; i < MAX_DECODINGS; i++) {
            if (reserved(text)) {
                throw new InvalidFieldException(
                        "topic", "may not lie inside of '" + MERCURE + "', which is the hub's own: choose another.");
            }
            String decoded = decode(text);
            if (decoded.equals(text)) {
                return;
            }
            text = decoded;
        }
        throw new InvalidFieldException("topic", "is escaped over and over: send it as it is meant.");
    }

    private boolean reserved(String topic) {
        String path = normalized(topic);
        return inside(path, MERCURE) || inside(path, mercure());
    }

    private static boolean inside(String path, String reserved) {
        String lower = path.toLowerCase(Locale.ROOT);
        String own = reserved.toLowerCase(Locale.ROOT);
        return lower.equals(own) || lower.startsWith(own + "/");
    }

    private static String decode(String text) {
        return text.indexOf('%') < 0 ? text : lenientlyDecoded(text);
    }

    private static String lenientlyDecoded(String text) {
        try {
            return QueryStringDecoder.decodeComponent(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException brokenEscape) {
            return text;
        }
    }

    /** The path of a URL or of a text that could be one, without its dot segments (RFC 3986 §5.2.4, WHATWG URL). */
    private static String normalized(String topic) {
        String path = withoutAuthority(topic.replace('\\', '/')).split("[?#]", 2)[0];
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

    private static String withoutAuthority(String topic) {
        int start = topic.indexOf("//");
        if (start < 0 || topic.substring(0, start).indexOf('/') >= 0) {
            return topic;
        }
        int path = topic.indexOf('/', start + 2);
        return path < 0 ? "" : topic.substring(path);
    }
}
