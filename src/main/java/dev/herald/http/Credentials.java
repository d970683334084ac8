package dev.herald.http;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    private static final Pattern BEARER =
            Pattern.compile("bearer(?:\\s++(.*))?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** Values of {@code Sec-Fetch-Site} of the hub's own pages, and of a URL that the user typed. */
    private static final Set<String> SITES_OF_ADMINISTRATORS = Set.of("same-origin", "none");

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
     * @throws RequestRejectedException if it came in a cookie, which browsers attach to the requests of any page, and
     *     the page's origin may not publish by cookie
     */
    public Optional<String> ofPublisher(HttpServerRequest request) {
        return sent(request).or(() -> cookieOfTrustedPage(request));
    }

    /**
     * The token of an administrator, from the header alone: a URL is logged, and a browser attaches a cookie to the
     * requests of any page.
     *
     * @throws RequestRejectedException if a page of another origin sent the request, whether or not it is listed
     */
    public Optional<String> ofAdministrator(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        String site = request.getHeader("Sec-Fetch-Site");
        boolean foreign = origin != null && !origins.mayAdminister(request.authority(), origin)
                || site != null && !SITES_OF_ADMINISTRATORS.contains(site);
        if (foreign) {
            throw new RequestRejectedException(
                    ProblemType.FOREIGN_ORIGIN,
                    "Only the hub's own pages may administer it, and programs that send no header 'Origin'.");
        }
        return header(request);
    }

    /** The token from header or query, not from a cookie. A token in the URL makes the response private in any case. */
    private static Optional<String> sent(HttpServerRequest request) {
        List<String> inUrl = inUrl(request);
        return header(request).or(() -> single("parameter '" + PARAMETER + "'", inUrl));
    }

    /** An invalid query carries no token: the caller gets 401 where one is required, else 400 for the query. */
    private static List<String> inUrl(HttpServerRequest request) {
        try {
            List<String> tokens = Parameters.parse(request.query()).allLenient(PARAMETER);
            if (!tokens.isEmpty()) {
                forbidCaching(request.response());
            }
            return tokens;
        } catch (RequestRejectedException unreadable) {
            forbidCaching(request.response());
            return List.of();
        }
    }

    /** Other schemes are ignored: they may be addressed to a proxy in front. */
    private static Optional<String> header(HttpServerRequest request) {
        List<String> bearers = request.headers().getAll(HttpHeaders.AUTHORIZATION).stream()
                .flatMap(value -> bearer(value).stream())
                .toList();
        return single("header 'Authorization'", bearers);
    }

    /** The token of a header's value; empty with another scheme. Costs O(length). */
    static Optional<String> bearer(String value) {
        Matcher bearer = BEARER.matcher(value);
        return bearer.matches()
                ? Optional.of(Optional.ofNullable(bearer.group(1)).orElse(""))
                : Optional.empty();
    }

    /** The URL contains the token, so no cache may store the response (RFC 6750 §2.3). */
    private static void forbidCaching(HttpServerResponse response) {
        response.putHeader(HttpHeaders.CACHE_CONTROL, "private, no-store");
    }

    private static Optional<String> single(String where, List<String> tokens) {
        if (tokens.size() > 1) {
            throw new RequestRejectedException(
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
            throw new RequestRejectedException(
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
        } catch (IllegalArgumentException invalid) {
            return Optional.empty();
        }
    }
}
