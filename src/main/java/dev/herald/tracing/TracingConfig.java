package dev.herald.tracing;

import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/**
 * Configuration of tracing. The collector, the sampler and the name of the service have no keys here. They are set by
 * OpenTelemetry's own variables, {@code OTEL_*}, which the page on operations lists.
 */
@ConfigMapping(prefix = "herald.tracing")
public interface TracingConfig {

    /** Whether requests and deliveries are traced with OpenTelemetry. */
    @WithDefault("false")
    boolean enabled();

    /**
     * Whether spans of public updates name their topic ({@code messaging.destination.name}). Those of private updates
     * never do. A topic may name a person, or be a secret of its own.
     */
    @WithDefault("false")
    boolean topics();

    /**
     * File with headers for the collector, such as a token: one {@code name: value} a line, at most 16 KiB. It is read
     * again for each export, and replaces {@code OTEL_EXPORTER_OTLP_HEADERS}. Default: none.
     */
    Optional<String> headersFile();
}
