package dev.herald;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.quarkus.vertx.http.runtime.filters.Filters;
import org.eclipse.microprofile.config.Config;

import dev.herald.http.HubPaths;
import dev.herald.tracing.Tracing;
import dev.herald.tracing.TracingConfig;
import dev.herald.tracing.otel.CollectorSettings;
import dev.herald.tracing.otel.OtelTracing;

/** Producer of this node's tracing. If it is off, no class of OpenTelemetry is loaded. */
@ApplicationScoped
class TracingProducer {

    @Produces
    @Singleton
    Tracing tracing(TracingConfig tracing, Config config, HubPaths paths) {
        if (!tracing.enabled()) {
            return Tracing.OFF;
        }
        CollectorSettings settings = settings(config);
        return settings.disabled() ? Tracing.OFF : new OtelTracing(settings, tracing, paths);
    }

    static CollectorSettings settings(Config config) {
        return new CollectorSettings(name -> config.getOptionalValue(name, String.class));
    }

    void register(@Observes Filters filters, Tracing tracing) {
        tracing.register(filters);
    }

    void close(@Disposes Tracing tracing) {
        tracing.close();
    }
}
