package dev.herald.limit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.limit.RatePolicy.Kind;
import dev.herald.limit.RatePolicy.Unit;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests that what is kept of clients takes no more heap than estimated, with the longest keys. */
class LimitsMemoryTest {
    private static final long ESTIMATED = 32 << 20;

    /** Bytes that the rest of the process may allocate meanwhile. */
    private static final long OTHERS_BYTES = 5 << 20;

    private static final int FAR_MORE = 100_000;

    private static Client client(int number) {
        String subject = "名".repeat(Client.MAX_KEY - 8) + String.format("%07d", number);
        return Client.of(Optional.of(subject), IpAddress.of(new byte[] {
            32, 1, 13, (byte) 184, 0, (byte) (number >> 16), (byte) (number >> 8), (byte) number, 0, 0, 0, 0, 0, 0, 0, 1
        }));
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void fullTableOfBucketsStaysWithinItsBytes(int policies) {
        List<RatePolicy> kinds = IntStream.range(0, policies)
                .mapToObj(i -> new RatePolicy(Kind.SUBJECT, Unit.values()[i], 1, 10))
                .toList();
        BucketTable table = new BucketTable(kinds, ESTIMATED, new MovingTicker());
        table.of("first").forEach(quota -> quota.take(new Quota.Cost(1, 1)));
        long before = used();

        for (int number = 0; number < FAR_MORE; number++) {
            table.of(client(number).subject().orElseThrow()).forEach(quota -> quota.take(new Quota.Cost(1, 1)));
        }

        assertThat(table.size()).isGreaterThan(1_000);
        assertThat(used() - before).isLessThan(ESTIMATED + OTHERS_BYTES);
        assertThat(table.of("last")).hasSize(policies);
    }

    @Test
    void slotsStayWithinTheirBytes() {
        TestLimits.Of limit = new TestLimits.Of(OptionalInt.empty(), Optional.empty(), OptionalInt.of(2));
        StreamLimits limits = new StreamLimits(TestLimits.of(limit, limit));
        int count = (int) (ESTIMATED / StreamLimits.SLOT_BYTES);
        List<StreamSlot> slots = new ArrayList<>(count);
        limits.open(client(0));
        long before = used();

        for (int number = 1; number <= count; number++) {
            slots.add(limits.open(client(number)));
        }

        assertThat(used() - before).isLessThan(ESTIMATED + OTHERS_BYTES);
        assertThat(slots).allMatch(slot -> slot.rejection().isEmpty());
    }
}
