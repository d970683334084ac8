package dev.herald.http;

import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;

import dev.herald.connection.RejectedRequests;

/**
 * Writer of problem documents for requests that reach no resource: those that are not valid HTTP, and those that fail
 * in the router. Runs before Quarkus' own failure handler, which logs the whole URL (decision 056). Thread-safe.
 */
@ApplicationScoped
class WireProblems implements RejectedRequests {
    private static final Logger LOG = Logger.getLogger(WireProblems.class);
    private static final int BEFORE_ALL_OTHERS = Integer.MIN_VALUE;
    private static final int FIRST_SERVER_ERROR = 500;

    private final OriginPolicy origins;
    private final RefusedRequests refused;
    private final HubPaths paths;

    WireProblems(OriginPolicy origins, RefusedRequests refused, HubPaths paths) {
        this.origins = origins;
        this.refused = refused;
        this.paths = paths;
    }

    void register(@Observes Router router) {
        router.route().order(BEFORE_ALL_OTHERS).failureHandler(this::answerFailure);
    }

    private void answerFailure(RoutingContext context) {
        HttpServerResponse response = context.response();
        if (response.closed() || context.failure() != null && Problems.isLostConnection(context.failure())) {
            LOG.debugf("A client has disconnected. path=%s", Problems.pathForLog(context.request()));
            return;
        }
        int status = status(context);
        if (status >= FIRST_SERVER_ERROR) {
            // Without the exception's message: it may quote the URL, and with it a token.
            LOG.errorf(
                    "A request failed before it reached a resource. method=%s path=%s exception=%s",
                    context.request().method(), Problems.pathForLog(context.request()), cause(context.failure()));
        }
        if (!response.headWritten()) {
            answer(context, status);
        } else if (!response.ended()) {
            response.end();
        }
    }

    private static int status(RoutingContext context) {
        return context.failure() instanceof RequestRejectedException rejection
                ? rejection.type().status()
                : Math.max(context.statusCode(), HttpResponseStatus.BAD_REQUEST.code());
    }

    private static String cause(Throwable failure) {
        if (failure == null) {
            return "none";
        }
        StackTraceElement[] stack = failure.getStackTrace();
        return failure.getClass().getName() + (stack.length == 0 ? "" : " at " + stack[0]);
    }

    private void answer(RoutingContext context, int status) {
        HttpServerRequest request = context.request();
        if (context.failure() instanceof RequestRejectedException rejection) {
            send(request, rejection.type(), rejection.getMessage());
        } else if (status == HttpResponseStatus.NOT_FOUND.code()) {
            send(request, ProblemType.NOT_FOUND, HubPaths.nothingAt(request.path()));
        } else if (status == HttpResponseStatus.METHOD_NOT_ALLOWED.code()) {
            String allow = paths.allowed(context.normalizedPath());
            request.response().putHeader(HttpHeaders.ALLOW, allow);
            send(request, ProblemType.METHOD_NOT_ALLOWED, Problems.notAllowed(request, allow));
        } else {
            answer(
                    request,
                    status,
                    status < FIRST_SERVER_ERROR
                            ? "The request cannot be served: its path or one of its headers is not valid HTTP."
                            : "Internal error. The log of the hub has the details.");
        }
    }

    /** Answers with a type of problem, as a resource does. */
    private void send(HttpServerRequest request, ProblemType type, String detail) {
        refused.record(request.method(), type);
        Problem problem = Problem.of(type, detail);
        send(request, document(problem.type(), problem.title(), problem.status(), problem.detail()), problem.status());
    }

    private void send(HttpServerRequest request, byte[] document, int status) {
        HttpServerResponse response = request.response();
        describe(request.getHeader(HttpHeaders.ORIGIN), response::putHeader);
        response.setStatusCode(status);
        if (request.method().equals(HttpMethod.HEAD)) {
            // Over HTTP/2, Vert.x would send the document.
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(document.length))
                    .end();
        } else {
            response.end(Buffer.buffer(document));
        }
    }

    @Override
    public void answer(HttpServerRequest request, int status, String detail) {
        if (status == HttpResponseStatus.NOT_FOUND.code()) {
            send(request, ProblemType.NOT_FOUND, detail);
            return;
        }
        record(request.method().name(), status);
        LOG.debugf("A request was rejected. status=%d reason=%s", status, detail);
        send(request, document(status, detail), status);
    }

    @Override
    public void record(CharSequence method, int status) {
        refused.count(Rejections.Unnamed.INVALID_HTTP);
        if (status != FIRST_SERVER_ERROR) {
            refused.record(known(method), status);
        }
    }

    /** The method, which may be malformed, as far as reports distinguish it. */
    private static HttpMethod known(CharSequence method) {
        return Stream.of(HttpMethod.POST, HttpMethod.OPTIONS)
                .filter(reported -> reported.name().contentEquals(method))
                .findFirst()
                .orElse(HttpMethod.GET);
    }

    @Override
    public byte[] document(int status, String detail) {
        return document("about:blank", HttpResponseStatus.valueOf(status).reasonPhrase(), status, detail);
    }

    private static byte[] document(String type, String title, int status, String detail) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", type)
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void describe(CharSequence origin, BiConsumer<CharSequence, CharSequence> header) {
        header.accept(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
        header.accept("X-Content-Type-Options", "nosniff");
        header.accept(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        if (origin != null) {
            OriginFilter.allow(origins, header, origin.toString());
        }
    }
}
