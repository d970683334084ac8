package dev.herald.http;

import java.util.function.BiConsumer;

import jakarta.ws.rs.core.Response;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * CORS filter that enforces the {@link OriginPolicy} (PROTOCOL M30; Fetch §3.2). Sets the headers before the
 * request is handled, since streams commit their head early.
 */
public class OriginFilter {
    /** Response header with the id of an accepted update, in UTF-8 as {@code Last-Event-ID} is. */
    public static final String EVENT_ID = "Event-ID";

    /** Response header of a stream with the period of its heartbeats, in milliseconds. */
    public static final String HEARTBEAT = "Herald-Heartbeat";

    private static final String PREFLIGHT_SECONDS = "7200";

    /**
     * Response headers that a page may read besides the safelisted ones (Fetch §2.2.2): all others that the hub sends.
     */
    private static final String EXPOSED = String.join(
            ", ",
            EVENT_ID,
            LastEventId.NAME,
            HEARTBEAT,
            "ETag",
            "Link",
            "Retry-After",
            PublishMeter.REMAINING,
            PublishMeter.POLICY,
            "WWW-Authenticate",
            "Allow",
            "Accept-Query");

    /** Request headers accepted besides the safelisted ones; some {@code EventSource} polyfills send the last two. */
    private static final String ACCEPTED =
            "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, If-None-Match, Cache-Control, Pragma, traceparent,"
                    + " tracestate";

    private final OriginPolicy policy;
    private final HubPaths paths;

    OriginFilter(OriginPolicy policy, HubPaths paths) {
        this.policy = policy;
        this.paths = paths;
    }

    /** The response to a preflight or to a rejected origin; null to continue. */
    @ServerRequestFilter(preMatching = true, nonBlocking = true)
    public Response check(RoutingContext context) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response();
        response.putHeader(HttpHeaders.VARY, "Origin");
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null) {
            return null;
        }
        allow(policy, response::putHeader, origin);
        if (isPreflight(request)) {
            return preflight(origin);
        }
        if (mayPublish(request) && !policy.mayPublish(request.authority(), origin)) {
            throw new RequestRejectedException(
                    ProblemType.FOREIGN_ORIGIN,
                    "Pages of '" + origin + "' are not allowed to publish: add the origin to herald.cors.origins.");
        }
        return null;
    }

    /** Sets the headers that let pages of that origin read the response, if the policy allows it. */
    static void allow(OriginPolicy policy, BiConsumer<CharSequence, CharSequence> header, String origin) {
        if (policy.trusts(origin)) {
            header.accept(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            header.accept(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        } else if (policy.allowsAnyOrigin()) {
            header.accept(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        } else {
            return;
        }
        header.accept(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }

    private Response preflight(String origin) {
        if (!policy.trusts(origin) && !policy.allowsAnyOrigin()) {
            throw new RequestRejectedException(
                    ProblemType.FOREIGN_ORIGIN,
                    "Pages of '" + origin
                            + "' are not allowed to use this hub: add the origin to herald.cors.origins.");
        }
        return Response.noContent()
                .header("Access-Control-Allow-Methods", "GET, HEAD, POST, QUERY")
                .header("Access-Control-Allow-Headers", ACCEPTED)
                .header("Access-Control-Max-Age", PREFLIGHT_SECONDS)
                .build();
    }

    /** A stream that is opened by POST is read by the rules of CORS, as one that is opened by GET. */
    private boolean mayPublish(HttpServerRequest request) {
        return request.method().equals(HttpMethod.POST) && !paths.isStream(request.path());
    }

    /** Whether a browser asks if a page may send a request (Fetch §4.8). */
    public static boolean isPreflight(HttpServerRequest request) {
        return request.method().equals(HttpMethod.OPTIONS)
                && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    }
}
