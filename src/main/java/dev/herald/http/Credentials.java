package dev.herald.http;

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
 * Extractor of a request's token: from the header, else the query, else the cookie (PROTOCOL M20, M25, M26; RFC 6750
 * §2). {@link dev.herald.auth.Authenticator} verifies it.
 */
@ApplicationScoped
public class Credentials {
    /** The scheme is case-insensitive (RFC 9110 §11.1). A scheme without a token is an invalid token. */
    private static final Pattern BEARER = Pattern.compile("bearer(?:\\s+(.*))?", Pattern.CASE_INSENSITIVE);

    /** Query parameter that carries a token. */
    public static final String PARAMETER = "authorization";

    private final OriginPolicy origins;
    private final String cookie;

    Credentials(OriginPolicy origins, AuthConfig config) {
        this.origins = origins;
        this.cookie = config.auth().cookie().name();
    }

    /** The token of a read-only request. */
    public Optional<String> ofReader(HttpServerRequest request) {
        return sent(request).or(() -> cookie(request));
    }

    /**
     * The token of a publisher.
     *
     * @throws RefusedException if it came in a cookie, which browsers attach to the requests of any page, and the
     *     page's origin may not publish by cookie
     */
    public Optional<String> ofPublisher(HttpServerRequest request) {
        return sent(request).or(() -> cookieOfTrustedPage(request));
    }

    /** The token from header or query, not from a cookie. A token in the URL makes the response private in any case. */
    private static Optional<String> sent(HttpServerRequest request) {
        List<String> inAddress = inAddress(request);
        return header(request).or(() -> single("parameter '" + PARAMETER + "'", inAddress));
    }

    /** An invalid query carries no token: the caller gets 401 where one is required, else 400 for the query. */
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

    /** Other schemes are ignored: they may be addressed to a proxy in front. */
    private static Optional<String> header(HttpServerRequest request) {
        List<String> bearers = request.headers().getAll(HttpHeaders.AUTHORIZATION).stream()
                .map(BEARER::matcher)
                .filter(Matcher::matches)
                .map(bearer -> Optional.ofNullable(bearer.group(1)).orElse(""))
                .toList();
        return single("header 'Authorization'", bearers);
    }

    /** The URL contains the token, so no cache may store the response (RFC 6750 §2.3). */
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
                    "A cookie does not authorize publishing from this origin. Send the token in the header"
                            + " 'Authorization', or add the page's origin to herald.auth.cookie.origins.");
        }
        return token;
    }

    private boolean mayUseCookie(HttpServerRequest request, String origin) {
        return origins.mayPublishByCookie(request.authority(), origin);
    }

    /** The origin of the page that sent the request: {@code Origin}, else the one in {@code Referer}. */
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
