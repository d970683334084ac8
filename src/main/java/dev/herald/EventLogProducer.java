package dev.herald;

import java.nio.file.Path;
import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.quarkus.runtime.configuration.ConfigurationException;
import org.jboss.logging.Logger;

import dev.herald.hub.PublishConfig;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;
import dev.herald.log.LogConfig;
import dev.herald.log.MemoryEventLog;
import dev.herald.log.Retention;
import dev.herald.log.file.SqliteEventLog;

/** Makes the log that the configuration names. */
@ApplicationScoped
class EventLogProducer {

    private static final Logger LOG = Logger.getLogger(EventLogProducer.class);

    /** The memory log takes at most one part in so many of the heap, whatever the retention: the rest is for streams. */
    private static final long HEAP_SHARE = 2;

    @Produces
    @Singleton
    EventLog log(LogConfig log, PublishConfig publish) {
        return switch (log.kind()) {
            case FILE -> file(log, publish);
            case MEMORY ->
                new MemoryEventLog(
                        Retention.of(log.retention()),
                        Runtime.getRuntime().maxMemory() / HEAP_SHARE,
                        log.recentBytes().asLongValue(),
                        publish.maxWaiting(),
                        Clock.systemUTC());
        };
    }

    private static EventLog file(LogConfig log, PublishConfig publish) {
        try {
            return SqliteEventLog.open(
                    // Messages name it, and who reads them may not know where the hub was started.
                    Path.of(log.file().path()).toAbsolutePath(),
                    log.file().durability(),
                    Retention.of(log.retention()),
                    log.recentBytes().asLongValue(),
                    publish.maxWaiting(),
                    Clock.systemUTC());
        } catch (EventLogException e) {
            LOG.debug("The file log cannot be opened.", e);
            // Quarkus prints the sentence of this one without a stack, as long as it has no cause.
            throw new ConfigurationException("Herald does not start: " + e.getMessage());
        }
    }

    void close(@Disposes EventLog log) {
        log.close();
    }
}
