package dev.herald.tracing.otel;

import java.util.List;

import io.opentelemetry.context.propagation.TextMapGetter;
import io.vertx.core.http.HttpServerRequest;

/**
 * Reader of the trace context in a request's headers (W3C Trace Context §3). Ignores a {@code traceparent} that is given
 * twice, and a {@code tracestate} of more than {@value #MAX_STATE} characters, which is the least that must be
 * propagated (§3.3.1.5).
 */
final class RequestHeaders implements TextMapGetter<HttpServerRequest> {
    static final RequestHeaders GETTER = new RequestHeaders();

    private static final int MAX_STATE = 512;
    private static final String STATE = "tracestate";

    private RequestHeaders() {}

    @Override
    public Iterable<String> keys(HttpServerRequest request) {
        return request.headers().names();
    }

    @Override
    public String get(HttpServerRequest request, String name) {
        List<String> values = request.headers().getAll(name);
        if (STATE.equalsIgnoreCase(name)) {
            String state = String.join(",", values);
            return state.isEmpty() || state.length() > MAX_STATE ? null : state;
        }
        return values.size() == 1 ? values.get(0) : null;
    }
}
