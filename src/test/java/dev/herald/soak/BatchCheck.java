package dev.herald.soak;

import java.util.List;

/** Check of a round of the log: the updates of one request follow each other, all of them or none (PROTOCOL Q14). */
final class BatchCheck {
    private final long seed;
    private final Faults faults;

    BatchCheck(long seed, Faults faults) {
        this.seed = seed;
        this.faults = faults;
    }

    /**
     * Reports each batch that is not whole, or that has another update within.
     *
     * @param log the events of the round in the log's order
     */
    void check(List<Stored> log) {
        for (int i = 0; i < log.size(); i++) {
            if (isOfABatch(log.get(i))) {
                i += check(log, i) - 1;
            }
        }
    }

    private static boolean isOfABatch(Stored event) {
        return Attempt.publisher(event.attempt()) == Plan.BATCHES;
    }

    /** Number of events from a place on that belong to one batch, 1 or more. */
    private int check(List<Stored> log, int begin) {
        long first = Attempt.sequence(log.get(begin).attempt());
        int size = Plan.batchSize(seed, first);
        int length = 1;
        while (begin + length < log.size()
                && length < size
                && isOfABatch(log.get(begin + length))
                && Attempt.sequence(log.get(begin + length).attempt()) == first + length) {
            length++;
        }
        if (first % Plan.BATCH != 0 || length != size) {
            faults.add(
                    "log: a batch is not whole: %d updates from %s on instead of %d",
                    length, Attempt.marker(log.get(begin).attempt()), size);
        }
        return length;
    }
}
