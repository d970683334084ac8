package dev.herald.log;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.event.EventId;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Ids that carry a position (M13, M42): each opens under its log's key and no other, is a UUIDv7 like every id of the hub,
 * and shows nothing of its position. What is no such id opens to nothing that a log could have.
 */
class TransientIdsTest {
    private static final String V7 = "urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
    private static final Instant NOW = Instant.parse("2026-11-29T08:00:00.123Z");
    private static final long A_MILLION_EVENTS = Position.kept(1_000_000);

    private final TransientIds ids =
            new TransientIds(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @ParameterizedTest
    @ValueSource(longs = {1, 65_537, (1L << 26) - 1, 1L << 26, 1L << 40, Long.MAX_VALUE})
    void idOpensToThePositionThatItWasMadeOf(long position) {
        EventId id = ids.id(position, NOW);

        assertThat(ids.position(id)).hasValue(position);
        assertThat(id.value()).matches(V7);
    }

    @Test
    void randomPositionsOpenAgain() {
        for (int i = 0; i < 2_000; i++) {
            long position = random.nextLong() & Long.MAX_VALUE;
            Instant time = NOW.plusMillis(random.nextInt());

            assertThat(ids.position(ids.id(position, time))).as("seed=%d", seed).hasValue(position);
        }
    }

    @Test
    void idBeginsWithItsTimeAsAUuidv7Does() {
        UUID uuid = UUID.fromString(ids.id(7, NOW).value().substring("urn:uuid:".length()));

        assertThat(uuid.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void idsOfOneMillisecondDifferAndLookRandom() {
        Set<String> seen = new HashSet<>();
        int[] ones = new int[128];
        int count = 4_000;
        for (int i = 0; i < count; i++) {
            EventId id = ids.id(Position.kept(3) + i, NOW);
            assertThat(seen.add(id.value())).isTrue();
            UUID uuid = UUID.fromString(id.value().substring("urn:uuid:".length()));
            for (int bit = 0; bit < 64; bit++) {
                ones[bit] += (int) (uuid.getLeastSignificantBits() >>> bit) & 1;
                ones[64 + bit] += (int) (uuid.getMostSignificantBits() >>> bit) & 1;
            }
        }

        for (int bit = 0; bit < 64 + 12; bit++) {
            if (bit < 62 || bit > 63) {
                assertThat(ones[bit]).as("bit %d", bit).isBetween(count * 2 / 5, count * 3 / 5);
            }
        }
    }

    @Test
    void idOfAnotherLogDoesNotOpen() {
        TransientIds others = new TransientIds(new byte[CursorSeal.KEY_BYTES]);
        List<Long> opened = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            others.position(ids.id(Position.kept(5) + i, NOW)).ifPresent(opened::add);
        }

        assertThat(opened).allMatch(position -> position > A_MILLION_EVENTS);
    }

    @Test
    void randomAndChangedUuidsOpenToNothingThatALogHas() {
        List<Long> opened = new ArrayList<>();
        UUID genuine = UUID.fromString(ids.id(Position.kept(9) + 1, NOW).value().substring("urn:uuid:".length()));
        for (int bit = 0; bit < 64; bit++) {
            open(genuine.getMostSignificantBits() ^ 1L << bit, genuine.getLeastSignificantBits(), opened);
            open(genuine.getMostSignificantBits(), genuine.getLeastSignificantBits() ^ 1L << bit, opened);
        }
        for (int i = 0; i < 20_000; i++) {
            open(random.nextLong() & ~0xf000L | 0x7000, random.nextLong() >>> 2 | 1L << 63, opened);
        }

        assertThat(opened).as("seed=%d", seed).allMatch(position -> position > A_MILLION_EVENTS);
    }

    private void open(long high, long low, List<Long> opened) {
        ids.position(new EventId("urn:uuid:" + new UUID(high, low))).ifPresent(opened::add);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "urn:uuid:",
                "urn:uuid:1-2-7-8-9",
                "urn:uuid:not-a-uuid",
                "urn:uuid:00000000-0000-4000-8000-000000000000",
                "urn:uuid:00000000-0000-7000-0000-000000000000",
                "urn:uuid:00000000-0000-7000-8000-0000000000000000000000000000",
                "00000000-0000-7000-8000-000000000000"
            })
    void otherIdsDoNotOpen(String id) {
        assertThat(ids.position(new EventId(id))).satisfies(position -> assertThat(position.orElse(Long.MAX_VALUE))
                .isGreaterThan(A_MILLION_EVENTS));
    }
}
