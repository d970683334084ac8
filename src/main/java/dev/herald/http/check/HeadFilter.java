package dev.herald.http.check;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import dev.herald.http.HubPaths;
import dev.herald.http.OriginFilter;
import dev.herald.http.ProblemType;
import dev.herald.http.RequestRejectedException;

/** Handler of all requests before those of Quarkus: rejects heads that Quarkus cannot parse, or accepts. Thread-safe. */
@ApplicationScoped
class HeadFilter {
    /** After the handler of failures, before all of Quarkus. */
    private static final int ORDER = Integer.MIN_VALUE + 1;

    private final ReadOnlyPaths readOnly;
    private final HubPaths paths;

    HeadFilter(ReadOnlyPaths readOnly, HubPaths paths) {
        this.readOnly = readOnly;
        this.paths = paths;
    }

    void register(@Observes Router router) {
        router.route().order(ORDER).handler(this::check);
    }

    private void check(RoutingContext context) {
        MultiMap headers = context.request().headers();
        try {
            checkContentType(context.request().method(), headers);
            checkAccept(headers);
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
        boolean read = method.equals(HttpMethod.POST) || method.name().equals("QUERY");
        if (!read && !values.stream().allMatch(MediaTypes::isMediaType)) {
            headers.remove(HttpHeaders.CONTENT_TYPE);
        }
    }

    /** Elements that are no media ranges are ignored, unless all are. */
    private static void checkAccept(MultiMap headers) {
        List<String> values = headers.getAll(HttpHeaders.ACCEPT);
        if (values.isEmpty()) {
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
