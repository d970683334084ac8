package dev.herald;

import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import dev.herald.hub.PublishConfig;
import dev.herald.log.EventLog;
import dev.herald.log.LogConfig;
import dev.herald.log.MemoryEventLog;

/** Makes the log that the configuration names. */
@ApplicationScoped
class EventLogProducer {

    /** The memory log takes at most one part in so many of the heap, whatever the retention: the rest is for streams. */
    private static final long HEAP_SHARE = 2;

    @Produces
    @Singleton
    EventLog log(LogConfig log, PublishConfig publish) {
        return switch (log.kind()) {
            case MEMORY ->
                new MemoryEventLog(
                        log.retention().events(),
                        log.retention().bytes().asLongValue(),
                        Runtime.getRuntime().maxMemory() / HEAP_SHARE,
                        log.recentBytes().asLongValue(),
                        publish.maxWaiting(),
                        Clock.systemUTC());
        };
    }

    void close(@Disposes EventLog log) {
        log.close();
    }
}
