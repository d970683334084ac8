package dev.herald.tracing.otel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.quarkus.runtime.annotations.RegisterForReflection;

import dev.herald.tracing.SpanCounters;

/**
 * Builder of the SDK's tracer provider with one exporter: OTLP over HTTP, through the JDK's HTTP client. The annotation
 * registers what the SDK finds by a service loader, for a native image.
 */
@RegisterForReflection(classNames = "io.opentelemetry.exporter.sender.jdk.internal.JdkHttpSenderProvider")
final class SpanExport {
    private static final String INSTANCE = "service.instance.id";

    private SpanExport() {}

    /**
     * Starts the thread of the exporter, which connects with the first batch.
     *
     * @param headersFile replaces the headers of the settings
     * @param maxQueued spans that wait for the exporter; further ones are dropped
     */
    static SdkTracerProvider start(
            CollectorSettings settings, Optional<Path> headersFile, int maxQueued, SpanCounters counters)
            throws IOException {
        SpanExporter exporter =
                new ReportingExporter(otlp(settings, headersFile), collector(settings), System::nanoTime, counters);
        return SdkTracerProvider.builder()
                .addResource(resource(settings))
                .setSampler(sampler(settings))
                .addSpanProcessor(
                        new SpanQueue(exporter, maxQueued, settings.timeout().plus(Duration.ofSeconds(1)), counters))
                .build();
    }

    /** The collector's address without what may be secret. */
    static String collector(CollectorSettings settings) {
        return settings.endpoint().getHost()
                + (settings.endpoint().getPort() < 0
                        ? ""
                        : ":" + settings.endpoint().getPort());
    }

    private static OtlpHttpSpanExporter otlp(CollectorSettings settings, Optional<Path> headersFile)
            throws IOException {
        OtlpHttpSpanExporterBuilder builder = OtlpHttpSpanExporter.builder()
                .setEndpoint(settings.endpoint().toString())
                .setTimeout(settings.timeout())
                .setCompression("gzip");
        if (headersFile.isPresent()) {
            builder.setHeaders(new HeadersFile(headersFile.get()));
        } else {
            settings.headers().forEach(builder::addHeader);
        }
        if (settings.certificate().isPresent()) {
            builder.setTrustedCertificates(
                    Files.readAllBytes(settings.certificate().get()));
        }
        return builder.build();
    }

    private static Resource resource(CollectorSettings settings) {
        AttributesBuilder attributes = Attributes.builder();
        attributes.put(INSTANCE, UUID.randomUUID().toString());
        settings.resource().forEach(attributes::put);
        return Resource.create(attributes.build());
    }

    private static Sampler sampler(CollectorSettings settings) {
        return switch (settings.sampler()) {
            case "always_on" -> Sampler.alwaysOn();
            case "always_off" -> Sampler.alwaysOff();
            case "traceidratio" -> Sampler.traceIdRatioBased(settings.ratio());
            case "parentbased_always_off" -> Sampler.parentBased(Sampler.alwaysOff());
            case "parentbased_traceidratio" -> Sampler.parentBased(Sampler.traceIdRatioBased(settings.ratio()));
            default -> Sampler.parentBased(Sampler.alwaysOn());
        };
    }
}
