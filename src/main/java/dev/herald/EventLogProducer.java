package dev.herald;

import java.nio.file.Path;
import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.MemorySize;
import org.jboss.logging.Logger;

import dev.herald.cluster.ClusteredEventLog;
import dev.herald.cluster.postgres.PostgresLog;
import dev.herald.http.PublishConfig;
import dev.herald.identity.Revocations;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;
import dev.herald.log.LogConfig;
import dev.herald.log.Retention;
import dev.herald.log.local.MemoryEventLog;
import dev.herald.log.sqlite.SqliteEventLog;
import dev.herald.memory.HeapShares;
import dev.herald.roster.Roster;

/** Producer of the event log that the configuration selects. */
@ApplicationScoped
class EventLogProducer {

    private static final Logger LOG = Logger.getLogger(EventLogProducer.class);

    @Produces
    @Singleton
    EventLog log(
            LogConfig config,
            PublishConfig publish,
            HeapShares heap,
            Revocations revocations,
            Instance<Roster> roster) {
        EventLog log =
                switch (config.kind()) {
                    case FILE -> file(config, publish, heap);
                    case MEMORY -> memory(config, publish, heap);
                    case POSTGRES -> postgres(config, publish, heap);
                };
        revocations.restore(log.revocations());
        log.followRevocations(new RevocationsOfAllNodes(revocations, roster::get));
        return log;
    }

    private static EventLog postgres(LogConfig log, PublishConfig publish, HeapShares heap) {
        LogConfig.Postgres postgres = log.postgres();
        try {
            String url = postgres.url()
                    .orElseThrow(() -> new EventLogException(
                            "herald.log.kind=postgres needs the address of the database (herald.log.postgres.url)."));
            return ClusteredEventLog.open(
                    new PostgresLog(
                            url,
                            postgres.user(),
                            postgres.password(),
                            postgres.passwordFile().map(Path::of),
                            postgres.requireSync()),
                    directory(log),
                    log.file().durability(),
                    retention(log.retention(), publish),
                    recentBytes(log, heap),
                    publish.maxWaiting(),
                    heap.updates(),
                    Clock.systemUTC());
        } catch (EventLogException e) {
            throw notStarted(e);
        }
    }

    /** Absolute, since messages quote it to readers who may not know the working directory. */
    private static Path directory(LogConfig log) {
        return Path.of(log.file().path()).toAbsolutePath();
    }

    private static ConfigurationException notStarted(EventLogException e) {
        LOG.debug("The log cannot be opened.", e);
        // Quarkus prints this exception's message without a stack if it has no cause.
        return new ConfigurationException("Herald does not start: " + e.getMessage());
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
                    directory(log),
                    log.file().durability(),
                    retention(log.retention(), publish),
                    recentBytes(log, heap),
                    publish.maxWaiting(),
                    heap.updates(),
                    Clock.systemUTC());
        } catch (EventLogException e) {
            throw notStarted(e);
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
