package dev.herald;

import java.nio.file.Path;
import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.MemorySize;
import org.jboss.logging.Logger;

import dev.herald.http.PublishConfig;
import dev.herald.identity.Revocations;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;
import dev.herald.log.LogConfig;
import dev.herald.log.Retention;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.log.sqlite.SqliteEventLog;
import dev.herald.memory.HeapShares;

/** Producer of the event log that the configuration selects. */
@ApplicationScoped
class EventLogProducer {

    private static final Logger LOG = Logger.getLogger(EventLogProducer.class);

    @Produces
    @Singleton
    EventLog log(LogConfig config, PublishConfig publish, HeapShares heap, Revocations revocations) {
        EventLog log =
                switch (config.kind()) {
                    case FILE -> file(config, publish, heap);
                    case MEMORY -> memory(config, publish, heap);
                };
        revocations.restore(log.revocations());
        return log;
    }

    private static EventLog memory(LogConfig log, PublishConfig publish, HeapShares heap) {
        LOG.infof("The log is in memory: its events end with the process. heapBytes=%d", heap.memoryLogBytes());
        return new MemoryEventLog(
                retention(log.retention(), publish),
                heap.memoryLogBytes(),
                recentBytes(log, heap),
                publish.maxWaiting(),
                heap.updates(),
                Clock.systemUTC());
    }

    private static long recentBytes(LogConfig log, HeapShares heap) {
        return Math.min(log.recentBytes().asLongValue(), heap.recentBytes());
    }

    private static EventLog file(LogConfig log, PublishConfig publish, HeapShares heap) {
        try {
            return SqliteEventLog.open(
                    // Absolute, since messages quote it to readers who may not know the working directory.
                    Path.of(log.file().path()).toAbsolutePath(),
                    log.file().durability(),
                    retention(log.retention(), publish),
                    recentBytes(log, heap),
                    publish.maxWaiting(),
                    heap.updates(),
                    Clock.systemUTC());
        } catch (EventLogException e) {
            LOG.debug("The file log cannot be opened.", e);
            // Quarkus prints this exception's message without a stack if it has no cause.
            throw new ConfigurationException("Herald does not start: " + e.getMessage());
        }
    }

    void close(@Disposes EventLog log) {
        log.close();
    }

    private static Retention retention(LogConfig.Retention config, PublishConfig publish) {
        return Retention.of(config.events(), config.bytes().map(MemorySize::asLongValue), config.age())
                .with(new Retention.Keys(publish.idempotency(), publish.maxIdempotencyKeys()));
    }
}
