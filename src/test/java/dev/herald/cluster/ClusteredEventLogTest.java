package dev.herald.cluster;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.io.TempDir;

import dev.herald.log.EventLog;
import dev.herald.log.Retention;
import dev.herald.log.UpdateBatchContract;

/** The contract of logs holds for a node with a shared log as a whole. */
class ClusteredEventLogTest extends UpdateBatchContract {
    @TempDir
    Path directory;

    private final AtomicInteger logs = new AtomicInteger();

    @Override
    protected EventLog create(long maxEvents, long maxBytes) {
        return create(Retention.of(maxEvents, maxBytes), Clock.systemUTC());
    }

    @Override
    protected EventLog create(Retention retention, Clock clock) {
        int number = logs.incrementAndGet();
        return Nodes.open(new InProcessLog(clock, (byte) number), directory.resolve("log-" + number), retention, clock);
    }
}
