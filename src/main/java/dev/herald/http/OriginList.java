package dev.herald.http;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * List of allowed origins, matched against the {@code Origin} that browsers send (RFC 6454 §6.2, HTML: ASCII
 * serialisation). Scheme and host are case-insensitive; a default port equals no port. {@code https://*.example.com}
 * matches every origin whose host has exactly one label in place of the star, as in certificates (RFC 9525 §6.3). It
 * does not match {@code https://example.com} and not {@code https://a.b.example.com}. Immutable; a lookup costs O(1).
 */
public final class OriginList {
    private static final String STAR = "*";
    private static final int HIGHEST_PORT = 65_535;

    /** An IPv6 address has brackets; other hosts are names in ASCII or IPv4 addresses. */
    private static final Pattern ORIGIN =
            Pattern.compile("([a-z][a-z0-9+.-]*)://(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(?::([0-9]{1,5}))?");

    /** A wildcard may not cover a top-level domain, whose names belong to other parties. */
    private static final Pattern WILDCARD = Pattern.compile(
            "([a-z][a-z0-9+.-]*)://\\*\\.((?:[a-z0-9_-]+\\.)+[a-z][a-z0-9-]*|localhost)(?::([0-9]{1,5}))?");

    private static final Pattern FIRST_LABEL = Pattern.compile("(?<=://)[a-z0-9_-]+(?=\\.)");

    private final Set<String> listed;

    /** @param origins each as {@link #isOrigin} or {@link #isWildcard} accepts it; others match nothing */
    OriginList(Collection<String> origins) {
        this.listed = origins.stream()
                .flatMap(origin ->
                        normal(ORIGIN, origin).or(() -> normal(WILDCARD, origin).map(OriginList::withStar)).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Whether the text is an origin without a star, such as {@code https://shop.example} or {@code http://[::1]:3000}.
     */
    public static boolean isOrigin(String text) {
        return normal(ORIGIN, text).isPresent();
    }

    /**
     * Whether the text is an origin whose first label is a star, followed by {@code localhost} or by two labels or
     * more.
     */
    public static boolean isWildcard(String text) {
        return normal(WILDCARD, text).isPresent();
    }

    /** Whether the list contains an origin that a browser sent. */
    boolean contains(String origin) {
        return normal(ORIGIN, origin)
                .filter(normal -> listed.contains(normal)
                        || listed.contains(FIRST_LABEL.matcher(normal).replaceFirst(STAR)))
                .isPresent();
    }

    /**
     * Scheme, host, and the port unless it is the scheme's default, in lower case; empty if the text does not match.
     */
    private static Optional<String> normal(Pattern pattern, String text) {
        Matcher origin = pattern.matcher(text.toLowerCase(Locale.ROOT));
        if (!origin.matches()) {
            return Optional.empty();
        }
        String scheme = origin.group(1);
        String port = origin.group(3);
        if (port != null && Integer.parseInt(port) > HIGHEST_PORT) {
            return Optional.empty();
        }
        boolean usual = port == null || isUsual(scheme, Integer.parseInt(port));
        return Optional.of(scheme + "://" + origin.group(2) + (usual ? "" : ":" + Integer.parseInt(port)));
    }

    private static boolean isUsual(String scheme, int port) {
        return switch (scheme) {
            case "https" -> port == 443;
            case "http" -> port == 80;
            default -> false;
        };
    }

    private static String withStar(String normal) {
        return normal.replaceFirst("://", "://*.");
    }
}
