package dev.herald.tracing.otel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;

import dev.herald.http.HubPaths;
import dev.herald.tracing.Faults;
import dev.herald.tracing.SpanCounters;
import dev.herald.tracing.SpanCounters.Loss;
import dev.herald.tracing.Tracing;
import dev.herald.tracing.TracingConfig;
import dev.herald.tracing.UpdateTrace;

/**
 * Tracing by the SDK of OpenTelemetry. A request that publishes has a span until its answer, one for a stream until the
 * head of its answer. All other requests, such as probes and metrics, have none.
 */
public final class OtelTracing implements Tracing {
    private static final Logger LOG = Logger.getLogger(OtelTracing.class);

    /** After the filters that drop requests without an answer, before all that answer. */
    private static final int PRIORITY = 9_000;

    /** Methods that open streams, where they do not publish. */
    private static final Set<HttpMethod> SUBSCRIBING =
            Set.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.valueOf("QUERY"));

    private static final String KEY = OtelTracing.class.getName();
    private static final int MAX_SPANS = 2_048;
    private static final int FEWEST_SPANS = 64;

    /** Most bytes of one span: ten attributes, a topic and a tracestate. */
    private static final long SPAN_BYTES = 4_096;

    /** Part of the heap for the spans in progress, and as much for those that wait for the exporter. */
    private static final long HEAP_PART = 64;

    private static final long LAST_EXPORT_SECONDS = 2;

    private final CollectorSettings settings;
    private final TracingConfig config;
    private final HubPaths paths;
    private final int maxSpans;
    private final AtomicInteger open = new AtomicInteger();
    private final SpanCounters counters = new SpanCounters();
    private volatile SdkTracerProvider provider;
    private volatile Tracer tracer;

    /** Creates nothing until {@link #start()}. */
    public OtelTracing(CollectorSettings settings, TracingConfig config, HubPaths paths) {
        this.settings = settings;
        this.config = config;
        this.paths = paths;
        this.maxSpans = (int)
                Math.max(FEWEST_SPANS, Math.min(MAX_SPANS, Runtime.getRuntime().maxMemory() / HEAP_PART / SPAN_BYTES));
    }

    @Override
    public void start() {
        try {
            start(SpanExport.start(settings, config.headersFile().map(Path::of), maxSpans, counters));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        LOG.infof(
                "Tracing is on. collector=%s sampler=%s service=%s",
                SpanExport.collector(settings),
                settings.sampler(),
                settings.resource().get("service.name"));
    }

    private void start(SdkTracerProvider created) {
        provider = created;
        Rehearsal.run();
        tracer = created.get("dev.herald");
    }

    @Override
    public void register(Filters filters) {
        filters.register(this::trace, PRIORITY);
    }

    private void trace(RoutingContext context) {
        if (tracer != null) {
            Faults.ignored(() -> begin(context));
        }
        context.next();
    }

    private void begin(RoutingContext context) {
        HttpServerRequest request = context.request();
        String path = request.path();
        boolean hub = path.equals(paths.mercure());
        boolean publishing = hub || path.equals(paths.message()) || path.equals(paths.updates());
        if (request.method().equals(HttpMethod.POST) && publishing) {
            begin(() -> publish(context, path));
        } else if (SUBSCRIBING.contains(request.method()) && (hub || path.equals(paths.stream()))) {
            begin(() -> subscribe(context, path));
        }
    }

    private void begin(Runnable span) {
        if (open.get() < maxSpans) {
            span.run();
        } else {
            counters.lost(Loss.TOO_MANY_OPEN, 1);
        }
    }

    private void publish(RoutingContext context, String path) {
        Context parent = publisher(context.request());
        Span span = span(context.request(), path, parent)
                .setAttribute(SpanAttributes.OPERATION, "publish")
                .setAttribute(SpanAttributes.OPERATION_TYPE, "send")
                .startSpan();
        if (span.isRecording()) {
            SpanContext publisher = Span.fromContext(parent).getSpanContext();
            RequestSpan request = open(span);
            PublishTrace trace = new PublishTrace(tracer, span, publisher, config.topics(), open);
            RequestSpan.ownContext().ifPresent(own -> own.putLocal(KEY, trace));
            context.addEndHandler(ended -> Faults.ignored(() -> {
                if (ended.succeeded()) {
                    request.answered(context.response().getStatusCode());
                } else {
                    request.disconnected();
                }
            }));
        }
    }

    private void subscribe(RoutingContext context, String path) {
        Span span = span(context.request(), path, publisher(context.request()))
                .setAttribute(SpanAttributes.OPERATION, "subscribe")
                .setAttribute(SpanAttributes.OPERATION_TYPE, "receive")
                .startSpan();
        if (span.isRecording()) {
            RequestSpan request = open(span);
            context.addHeadersEndHandler(head ->
                    Faults.ignored(() -> request.answered(context.response().getStatusCode())));
            context.addEndHandler(ended -> Faults.ignored(request::disconnected));
        }
    }

    private RequestSpan open(Span span) {
        open.incrementAndGet();
        return new RequestSpan(span, open);
    }

    private static Context publisher(HttpServerRequest request) {
        return W3CTraceContextPropagator.getInstance().extract(Context.root(), request, RequestHeaders.GETTER);
    }

    /** @param path one of the hub's own, so it is a route, without anything of the client */
    private SpanBuilder span(HttpServerRequest request, String path, Context parent) {
        String method = request.method().name();
        return tracer.spanBuilder(method + " " + path)
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute(SpanAttributes.METHOD, method)
                .setAttribute(SpanAttributes.ROUTE, path)
                .setAttribute(SpanAttributes.SCHEME, request.isSSL() ? "https" : "http")
                .setAttribute(SpanAttributes.SYSTEM, SpanAttributes.HERALD);
    }

    @Override
    public UpdateTrace current() {
        UpdateTrace trace = RequestSpan.ownContext()
                .<UpdateTrace>map(own -> own.getLocal(KEY))
                .orElse(null);
        return trace == null ? UpdateTrace.NONE : trace;
    }

    @Override
    public SpanCounters counters() {
        return counters;
    }

    @Override
    public void close() {
        if (provider != null) {
            provider.shutdown().join(LAST_EXPORT_SECONDS, TimeUnit.SECONDS);
        }
    }
}
