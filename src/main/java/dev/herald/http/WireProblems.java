package dev.herald.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;

import dev.herald.connection.RejectedRequests;

/**
 * Problem documents for requests that reach no resource: those that are not valid HTTP, and those that fail in the
 * router. Runs before Quarkus' own failure handler, which logs the whole URL (decision 056). Thread-safe.
 */
@ApplicationScoped
class WireProblems implements RejectedRequests {
    private static final Logger LOG = Logger.getLogger(WireProblems.class);
    private static final int BEFORE_ALL_OTHERS = Integer.MIN_VALUE;
    private static final int FIRST_SERVER_ERROR = 500;

    private final OriginPolicy origins;

    WireProblems(OriginPolicy origins) {
        this.origins = origins;
    }

    void register(@Observes Router router) {
        router.route().order(BEFORE_ALL_OTHERS).failureHandler(this::answerFailure);
    }

    private void answerFailure(RoutingContext context) {
        HttpServerResponse response = context.response();
        if (response.closed() || context.failure() != null && Problems.isLostConnection(context.failure())) {
            LOG.debugf("A client was gone. path=%s", Problems.place(context.request()));
            return;
        }
        int status = Math.max(context.statusCode(), HttpResponseStatus.BAD_REQUEST.code());
        if (status >= FIRST_SERVER_ERROR) {
            // Without the exception's message: it may quote the URL, and with it a token.
            LOG.errorf(
                    "A request failed before it reached a resource. method=%s path=%s exception=%s",
                    context.request().method(), Problems.place(context.request()), cause(context.failure()));
        }
        if (!response.headWritten()) {
            answer(context.request(), status, detail(status));
        } else if (!response.ended()) {
            response.end();
        }
    }

    private static String cause(Throwable failure) {
        if (failure == null) {
            return "none";
        }
        StackTraceElement[] stack = failure.getStackTrace();
        return failure.getClass().getName() + (stack.length == 0 ? "" : " at " + stack[0]);
    }

    private static String detail(int status) {
        return status < FIRST_SERVER_ERROR
                ? "The request cannot be served: its path or one of its headers is not valid HTTP."
                : "Internal error. The log of the hub has the details.";
    }

    @Override
    public void answer(HttpServerRequest request, int status, String detail) {
        HttpServerResponse response = request.response();
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        response.putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        if (origin != null) {
            OriginFilter.admit(origins, response, origin);
        }
        LOG.debugf("A request was rejected. status=%d reason=%s", status, detail);
        response.setStatusCode(status)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .end(JsonNodeFactory.instance
                        .objectNode()
                        .put("type", "about:blank")
                        .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                        .put("status", status)
                        .put("detail", detail)
                        .toString());
    }
}
