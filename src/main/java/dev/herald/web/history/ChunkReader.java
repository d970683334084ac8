package dev.herald.web.history;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

import dev.herald.event.Event;
import dev.herald.event.EventJson;
import dev.herald.http.ProblemType;
import dev.herald.http.RequestRejectedException;
import dev.herald.replay.EventScan;
import dev.herald.web.AnswerMemory;

/**
 * Reader of a range of events in chunks. Reserves the memory of each event before it is encoded. Used by one thread at a
 * time; works on the threads of the scan.
 */
final class ChunkReader {
    /** Copies of an event until it is sent: its own, that in the answer, and that of the server. */
    static final int COPIES = 3;

    private final EventScan scan;
    private final AnswerMemory memory;
    private final long reservedBefore;
    private final BooleanSupplier gone;

    /**
     * @param memory of the answer; the receiver of a chunk releases what was reserved for it
     * @param reservedBefore heap bytes that each chunk may occupy without a reservation of its own
     * @param gone whether the client has disconnected, so that reading is of no use
     */
    ChunkReader(EventScan scan, AnswerMemory memory, long reservedBefore, BooleanSupplier gone) {
        this.scan = scan;
        this.memory = memory;
        this.reservedBefore = reservedBefore;
        this.gone = gone;
    }

    /**
     * Reads events until a chunk is full, or the range ends.
     *
     * @param maxEvents most events that the log keeps, 1 or more; a chunk with as many is the last that can be read.
     *     Transient ones do not count: else they would take the place of the newest events
     * @param fullBytes a chunk of this size is full; the batch in which that is reached still belongs to it
     * @return completes on a thread of the scan; fails if the log cannot be read, the heap has no room, or the client
     *     has disconnected
     */
    CompletionStage<Chunk> next(int maxEvents, int fullBytes) {
        Collector collector = new Collector(maxEvents, fullBytes);
        collector.readOn();
        return collector.chunk;
    }

    /** Collector of one chunk. */
    private final class Collector {
        final CompletableFuture<Chunk> chunk = new CompletableFuture<>();
        private final int maxEvents;
        private final int fullBytes;
        private final List<byte[]> events = new ArrayList<>();
        private int kept;
        private long bytes;
        private boolean gap;

        Collector(int maxEvents, int fullBytes) {
            this.maxEvents = maxEvents;
            this.fullBytes = fullBytes;
        }

        void readOn() {
            scan.next().whenComplete((batch, failure) -> {
                try {
                    if (failure == null) {
                        receive(batch);
                    } else {
                        chunk.completeExceptionally(failure);
                    }
                } catch (RuntimeException | Error e) {
                    chunk.completeExceptionally(e);
                }
            });
        }

        private void receive(EventScan.Batch batch) {
            try (batch) {
                if (gone.getAsBoolean()) {
                    throw new IllegalStateException("The client has disconnected.");
                }
                gap |= batch.gap();
                for (Event event : batch.events()) {
                    add(event);
                    if (kept == maxEvents) {
                        complete(event.position(), batch.last() && event.position() == batch.through());
                        return;
                    }
                }
            }
            if (batch.last() || bytes >= fullBytes) {
                complete(batch.through(), batch.last());
            } else {
                readOn();
            }
        }

        private void add(Event event) {
            EventJson json = EventJson.of(event);
            long more = reserved(bytes + json.size()) - reserved(bytes);
            if (!memory.grow(more)) {
                throw new RequestRejectedException(
                        ProblemType.OVERLOADED,
                        "The hub has too little memory for this answer at the moment. Retry later, or request fewer"
                                + " events with 'limit'.");
            }
            events.add(json.toBytes());
            kept += event.isTransient() ? 0 : 1;
            bytes += json.size();
        }

        private void complete(long through, boolean last) {
            chunk.complete(new Chunk(events, kept, Math.toIntExact(bytes), reserved(bytes), through, gap, last));
        }

        private long reserved(long ofBytes) {
            return Math.max(0, COPIES * ofBytes - reservedBefore);
        }
    }
}
