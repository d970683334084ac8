package dev.herald.tracing;

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

import dev.herald.log.AppendListener;

/**
 * Traced updates that are on their way through the event loops, by position. Bounded: a loop that is stuck keeps at
 * most {@value #MAX_TRACES} traces, and further updates get none for their delivery. Thread-safe.
 *
 * <p>An update is added before any loop can find its event, so each loop that exists then passes its position exactly
 * once.
 */
public final class DeliveryTraces {
    static final int MAX_TRACES = 256;

    private final ConcurrentNavigableMap<Long, Delivery> deliveries = new ConcurrentSkipListMap<>();

    /** Whether any update is being traced. Costs a few field reads, for each turn of an event loop. */
    public boolean active() {
        return !deliveries.isEmpty();
    }

    /**
     * Listener that adds the update when it is stored.
     *
     * @param trace of the update
     * @param loops the event loops that deliver events, compared by identity; called on the log's thread
     */
    public AppendListener following(UpdateTrace trace, Supplier<? extends Collection<?>> loops) {
        return new AppendListener() {
            @Override
            public void taken() {
                Faults.ignored(trace::taken);
            }

            @Override
            public void stored(long position) {
                Faults.ignored(() -> {
                    trace.stored();
                    begin(position, trace, loops.get());
                });
            }
        };
    }

    private void begin(long position, UpdateTrace trace, Collection<?> loops) {
        if (loops.isEmpty() || deliveries.size() >= MAX_TRACES) {
            // Without streams, nothing is delivered.
            return;
        }
        deliveries.put(position, new Delivery(trace, loops));
    }

    /** Adds to the number of streams that an event is written to. On the thread of an event loop. Never throws. */
    public void matched(long position, long streams) {
        try {
            Delivery delivery = deliveries.get(position);
            if (delivery != null) {
                delivery.add(streams);
            }
        } catch (Throwable e) {
            Faults.log(e);
        }
    }

    /** The event loop has written all events up to this position, inclusive. On its thread. Never throws. */
    public void passed(Object loop, long position) {
        try {
            for (Map.Entry<Long, Delivery> entry :
                    deliveries.headMap(position, true).entrySet()) {
                if (entry.getValue().passed(loop)) {
                    deliveries.remove(entry.getKey());
                    Faults.ignored(entry.getValue()::end);
                }
            }
        } catch (Throwable e) {
            Faults.log(e);
        }
    }

    /** Delivery of one event. */
    private static final class Delivery {
        private final UpdateTrace trace;
        private final Set<Object> waiting = Collections.newSetFromMap(new IdentityHashMap<>());
        private final int loops;
        private long streams;

        Delivery(UpdateTrace trace, Collection<?> loops) {
            this.trace = trace;
            this.waiting.addAll(loops);
            this.loops = waiting.size();
        }

        synchronized void add(long more) {
            streams += more;
        }

        /** Whether this was the last loop. */
        synchronized boolean passed(Object loop) {
            return waiting.remove(loop) && waiting.isEmpty();
        }

        synchronized void end() {
            trace.delivered(loops, streams);
        }
    }
}
