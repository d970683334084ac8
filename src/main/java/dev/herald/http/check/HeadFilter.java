package dev.herald.http.check;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

import dev.herald.http.HubPaths;
import dev.herald.http.OriginFilter;
import dev.herald.http.ProblemType;
import dev.herald.http.RequestRejectedException;

/** Filter of all requests before Quarkus parses them: rejects heads that Quarkus cannot parse, or accepts. Thread-safe. */
@ApplicationScoped
class HeadFilter {
    /** After the filter that discards the bodies of answered requests, before all others and Quarkus. */
    private static final int PRIORITY = 9_500;

    private static final String QUERY = "QUERY";

    private final ReadOnlyPaths readOnly;
    private final HubPaths paths;

    HeadFilter(ReadOnlyPaths readOnly, HubPaths paths) {
        this.readOnly = readOnly;
        this.paths = paths;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, PRIORITY);
    }

    private void check(RoutingContext context) {
        MultiMap headers = context.request().headers();
        try {
            checkContentType(context.request().method(), headers);
            checkAccept(headers, isAnswerNegotiated(context));
        } catch (RequestRejectedException e) {
            context.fail(e);
            return;
        }
        checkMethod(context);
    }

    /** A resource that reads a body also checks its type. For others it means nothing, so an invalid one is removed. */
    private static void checkContentType(HttpMethod method, MultiMap headers) {
        List<String> values = headers.getAll(HttpHeaders.CONTENT_TYPE);
        if (!MediaTypes.areShort(values)) {
            throw new RequestRejectedException(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE, MediaTypes.TOO_LONG.formatted("Content-Type"));
        }
        boolean read = method.equals(HttpMethod.POST) || method.name().equals(QUERY);
        if (!read && !values.stream().allMatch(MediaTypes::isMediaType)) {
            headers.remove(HttpHeaders.CONTENT_TYPE);
        }
    }

    /** Whether the header {@code Accept} selects the answer. Publishing does not depend on it (PROTOCOL Q12). */
    private boolean isAnswerNegotiated(RoutingContext context) {
        HttpMethod method = context.request().method();
        return method.equals(HttpMethod.GET)
                || method.equals(HttpMethod.HEAD)
                || method.name().equals(QUERY)
                || method.equals(HttpMethod.POST) && paths.isStream(context.normalizedPath());
    }

    /** Elements that are no media ranges are ignored, unless all are. */
    private static void checkAccept(MultiMap headers, boolean isNegotiated) {
        List<String> values = headers.getAll(HttpHeaders.ACCEPT);
        if (values.isEmpty()) {
            return;
        }
        if (!isNegotiated) {
            headers.remove(HttpHeaders.ACCEPT);
            return;
        }
        if (!MediaTypes.areShort(values)) {
            throw new RequestRejectedException(ProblemType.NOT_ACCEPTABLE, MediaTypes.TOO_LONG.formatted("Accept"));
        }
        List<String> elements = MediaTypes.elements(values);
        List<String> ranges = elements.stream().filter(MediaTypes::isRange).toList();
        if (ranges.isEmpty() && !elements.stream().allMatch(String::isEmpty)) {
            throw new RequestRejectedException(
                    ProblemType.NOT_ACCEPTABLE,
                    "The header 'Accept' names no media type with a weight from 0 to 1: correct or remove it.");
        }
        if (ranges.isEmpty()) {
            headers.remove(HttpHeaders.ACCEPT);
        } else if (ranges.size() < elements.size()) {
            headers.set(HttpHeaders.ACCEPT, String.join(", ", ranges));
        }
    }

    /**
     * Decides requests that write where only reading is possible and there is no resource: Quarkus serves its own paths
     * whatever the method, and reports files as missing.
     */
    private void checkMethod(RoutingContext context) {
        HttpMethod method = context.request().method();
        String path = context.normalizedPath();
        if (method.equals(HttpMethod.GET)
                || method.equals(HttpMethod.HEAD)
                || !readOnly.contain(path)
                || OriginFilter.isPreflight(context.request()) && !readOnly.ofQuarkus(path)) {
            context.next();
        } else if (method.equals(HttpMethod.OPTIONS)) {
            context.response().putHeader(HttpHeaders.ALLOW, paths.allowed(path)).end();
        } else {
            context.fail(HttpResponseStatus.METHOD_NOT_ALLOWED.code());
        }
    }
}
