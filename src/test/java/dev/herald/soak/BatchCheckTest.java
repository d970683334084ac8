package dev.herald.soak;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BatchCheckTest {
    private static final long SEED = 1;

    private final Faults faults = new Faults(fault -> {});

    private static List<Stored> batch(long begin) {
        List<Stored> updates = new ArrayList<>();
        for (int i = 0; i < Plan.batchSize(SEED, begin); i++) {
            updates.add(new Stored(Attempt.of(Plan.BATCHES, begin + i, 0), 0));
        }
        return updates;
    }

    /** First number from this one on of a batch with several updates. */
    private static long several(long from) {
        return Plan.batchSize(SEED, from) > 2 ? from : several(from + Plan.BATCH);
    }

    private int faults(List<Stored> log) {
        new BatchCheck(SEED, faults).check(log);
        return faults.count();
    }

    @Test
    void wholeBatchesBesideOtherUpdatesAreRight() {
        List<Stored> log = new ArrayList<>(List.of(new Stored(SmallRound.A, 0)));
        log.addAll(batch(0));
        log.addAll(batch(Plan.BATCH));
        log.add(new Stored(SmallRound.B, 0));

        assertThat(faults(log)).isZero();
    }

    @Test
    void updateWithinABatchIsAFault() {
        List<Stored> log = batch(several(0));
        log.add(1, new Stored(SmallRound.A, 0));

        assertThat(faults(log)).isPositive();
    }

    @Test
    void partOfABatchIsAFault() {
        List<Stored> batch = batch(several(0));

        assertThat(faults(batch.subList(0, batch.size() - 1))).isEqualTo(1);
        assertThat(faults(batch.subList(1, batch.size()))).isGreaterThan(1);
    }
}
