package dev.herald.ops.metrics;

import java.util.List;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;

/**
 * Registration of all {@link Meters} after the start. A {@code MeterBinder} would run before the settings are checked,
 * and open the log.
 */
@ApplicationScoped
class MeterRegistration {
    /** After all other observers of the start. */
    private static final int LAST = Integer.MAX_VALUE;

    @SuppressWarnings("deprecation")
    void register(
            @Observes @Priority(LAST) StartupEvent event, @All List<Meters> all, PrometheusMeterRegistry registry) {
        Views views = new Views(registry);
        all.forEach(meters -> meters.register(views));
    }
}
