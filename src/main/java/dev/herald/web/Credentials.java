package dev.herald.web;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import dev.herald.auth.AuthConfig;

/**
 * Finds a request's token: in the header, else in the query, else in the cookie (PROTOCOL M20, M25, M26; RFC 6750 §2).
 * What it is worth is said by {@link dev.herald.auth.Authenticator}.
 */
@ApplicationScoped
class Credentials {
    /** The scheme is compared without case (RFC 9110 §11.1). One that brings no token brings a bad one. */
    private static final Pattern BEARER = Pattern.compile("bearer(?:\\s+(.*))?", Pattern.CASE_INSENSITIVE);

    /** Parameter of a query that brings a token. */
    static final String PARAMETER = "authorization";

    private final OriginPolicy origins;
    private final String cookie;

    Credentials(OriginPolicy origins, AuthConfig config) {
        this.origins = origins;
        this.cookie = config.auth().cookie().name();
    }

    /** The token of a request that changes nothing. */
    Optional<String> ofReader(HttpServerRequest request) {
        return sent(request).or(() -> cookie(request));
    }

    /**
     * The token of a publisher.
     *
     * @throws RefusedException if it came in a cookie, which browsers send whoever asks them to, and the page that asked is
     *     not one of those that may
     */
    Optional<String> ofPublisher(HttpServerRequest request) {
        return sent(request).or(() -> cookieOfTrustedPage(request));
    }

    /** What the client sent, not its browser by itself. An address with a token in it is one even if another counts. */
    private static Optional<String> sent(HttpServerRequest request) {
        List<String> inAddress = inAddress(request);
        return header(request).or(() -> single("parameter '" + PARAMETER + "'", inAddress));
    }

    /** A query that cannot be read brings no token: the caller gets 401 where one is needed, else 400 for the query. */
    private static List<String> inAddress(HttpServerRequest request) {
        try {
            List<String> tokens = Parameters.parse(request.query()).allLenient(PARAMETER);
            if (!tokens.isEmpty()) {
                keepPrivate(request.response());
            }
            return tokens;
        } catch (RefusedException unreadable) {
            keepPrivate(request.response());
            return List.of();
        }
    }

    /** Another scheme may be meant for a proxy in front, and is no concern of the hub. */
    private static Optional<String> header(HttpServerRequest request) {
        List<String> bearers = request.headers().getAll(HttpHeaders.AUTHORIZATION).stream()
                .map(BEARER::matcher)
                .filter(Matcher::matches)
                .map(bearer -> Optional.ofNullable(bearer.group(1)).orElse(""))
                .toList();
        return single("header 'Authorization'", bearers);
    }

    /** The address holds the token, so no cache may keep what it names (RFC 6750 §2.3). */
    private static void keepPrivate(HttpServerResponse response) {
        response.putHeader(HttpHeaders.CACHE_CONTROL, "private, no-store");
    }

    private static Optional<String> single(String where, List<String> tokens) {
        if (tokens.size() > 1) {
            throw new RefusedException(
                    ProblemType.INVALID_TOKEN, "The " + where + " is given more than once: send one token.");
        }
        return tokens.stream().findFirst();
    }

    private Optional<String> cookie(HttpServerRequest request) {
        return Optional.ofNullable(request.getCookie(cookie)).map(Cookie::getValue);
    }

    private Optional<String> cookieOfTrustedPage(HttpServerRequest request) {
        Optional<String> token = cookie(request);
        if (token.isPresent()
                && !origin(request)
                        .filter(origin -> mayUseCookie(request, origin))
                        .isPresent()) {
            throw new RefusedException(
                    ProblemType.FOREIGN_ORIGIN,
                    "A cookie is no proof that its owner wants to publish: send the token in the header 'Authorization',"
                            + " or add the page's origin to herald.auth.cookie.origins.");
        }
        return token;
    }

    private boolean mayUseCookie(HttpServerRequest request, String origin) {
        return origins.mayPublishByCookie(request.authority(), origin);
    }

    /** Where the page that sent it came from: {@code Origin}, else what {@code Referer} says. */
    private static Optional<String> origin(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader(HttpHeaders.ORIGIN))
                .or(() -> Optional.ofNullable(request.getHeader(HttpHeaders.REFERER))
                        .flatMap(Credentials::originOf));
    }

    private static Optional<String> originOf(String referer) {
        try {
            URI uri = URI.create(referer);
            return uri.getScheme() == null || uri.getRawAuthority() == null
                    ? Optional.empty()
                    : Optional.of(uri.getScheme() + "://" + uri.getRawAuthority());
        } catch (IllegalArgumentException notOne) {
            return Optional.empty();
        }
    }
}
