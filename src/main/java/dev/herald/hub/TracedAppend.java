package dev.herald.hub;

import java.util.Collection;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.jboss.logging.Logger;

import dev.herald.event.Receipt;
import dev.herald.event.UpdateBatch;
import dev.herald.log.EventLog;
import dev.herald.tracing.DeliveryTraces;
import dev.herald.tracing.Faults;
import dev.herald.tracing.UpdateTrace;

/** Append of updates that are traced, from the queue of the log to the sockets. Thread-safe. */
final class TracedAppend {
    private static final Logger LOG = Logger.getLogger(TracedAppend.class);

    private final EventLog log;
    private final DeliveryTraces deliveries;
    private final Supplier<Collection<Lane>> lanes;

    /** @param lanes that deliver events at the time of the call */
    TracedAppend(EventLog log, DeliveryTraces deliveries, Supplier<Collection<Lane>> lanes) {
        this.log = log;
        this.deliveries = deliveries;
        this.lanes = lanes;
    }

    /** {@link EventLog#append(UpdateBatch)}. A failure of the trace does not affect the batch. */
    CompletionStage<Receipt> append(UpdateBatch batch, UpdateTrace trace) {
        Faults.ignored(() -> trace.enqueued(batch));
        CompletionStage<Receipt> receipt;
        try {
            receipt = log.append(batch, deliveries.following(trace, lanes));
        } catch (Throwable e) {
            trace.failed();
            throw e;
        }
        try {
            receipt.whenComplete((done, failure) -> {
                if (failure != null) {
                    Faults.ignored(trace::failed);
                } else if (done.repeated()) {
                    Faults.ignored(trace::repeated);
                }
            });
        } catch (OutOfMemoryError e) {
            LOG.debug("A span may stay open.", e);
        }
        return receipt;
    }
}
