package dev.herald.log;

import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.event.EventId;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of ids of transient events, which contain their position (PROTOCOL M13, M42). Each opens with its log's key, is
 * a UUIDv7 like every id of the hub, and does not reveal its content. Any other id opens to no position that a log
 * could have.
 */
class TransientIdsTest {
    private static final String V7 = "urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
    private static final Instant NOW = Instant.parse("2026-11-29T08:00:00.123Z");
    private static final long GENERATION = 0x1234_5678_9abc_def0L;
    private static final long A_MILLION_EVENTS = 1_000_000;

    private final TransientIds ids =
            new TransientIds(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    private EventId id(long offset, long distance) {
        return ids.id(GENERATION, offset, distance, NOW).orElseThrow();
    }

    private static UUID uuid(EventId id) {
        return UUID.fromString(id.value().substring("urn:uuid:".length()));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 65_537, (1L << 26) - 1, 1L << 27, 1L << 39, (1L << 40) - 1})
    void openedIdReturnsItsParts(long offset) {
        EventId id = id(offset, 3);

        assertThat(ids.open(id)).contains(new TransientIds.Mark(TransientIds.tag(GENERATION), offset));
        assertThat(id.value()).matches(V7);
    }

    @Test
    void randomPartsRoundTrip() {
        for (int i = 0; i < 2_000; i++) {
            long generation = random.nextLong();
            long offset = random.nextLong() & (1L << 40) - 1;
            Instant time = NOW.plusMillis(random.nextInt());

            EventId id = ids.id(generation, offset, random.nextLong() & Long.MAX_VALUE, time)
                    .orElseThrow();

            assertThat(ids.open(id))
                    .as("seed=%d", seed)
                    .contains(new TransientIds.Mark(TransientIds.tag(generation), offset));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 40, Long.MAX_VALUE, -1})
    void offsetThatDoesNotFitHasNoId(long offset) {
        assertThat(ids.id(GENERATION, offset, 1, NOW)).isEmpty();
    }

    @Test
    void idBeginsWithItsTimeAsAUuidv7Does() {
        assertThat(uuid(id(7, 1)).getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
    }

    @Test
    void idsOfOneMillisecondDifferAndLookRandom() {
        Set<String> seen = new HashSet<>();
        int[] ones = new int[128];
        int count = 4_000;
        for (int i = 0; i < count; i++) {
            EventId id = id(3 + i / 1_000, i % 1_000);
            assertThat(seen.add(id.value())).isTrue();
            UUID uuid = uuid(id);
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

    private boolean isKnown(TransientIds.Mark mark) {
        return mark.tag() == TransientIds.tag(GENERATION) && mark.offset() <= A_MILLION_EVENTS;
    }

    @Test
    void idOfAnotherLogOpensToNoPositionOfThisLog() {
        TransientIds others = new TransientIds(new byte[CursorSeal.KEY_BYTES]);

        for (int i = 0; i < 10_000; i++) {
            assertThat(others.open(id(5 + i, 1)).filter(this::isKnown)).isEmpty();
        }
    }

    @Test
    void randomAndModifiedUuidsOpenToNoPositionOfALog() {
        UUID genuine = uuid(id(9, 1));
        for (int bit = 0; bit < 64; bit++) {
            check(genuine.getMostSignificantBits() ^ 1L << bit, genuine.getLeastSignificantBits());
            check(genuine.getMostSignificantBits(), genuine.getLeastSignificantBits() ^ 1L << bit);
        }
        for (int i = 0; i < 20_000; i++) {
            check(random.nextLong() & ~0xf000L | 0x7000, random.nextLong() >>> 2 | 1L << 63);
        }
    }

    private void check(long high, long low) {
        assertThat(ids.open(new EventId("urn:uuid:" + new UUID(high, low))).filter(this::isKnown))
                .as("seed=%d", seed)
                .isEmpty();
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
        assertThat(ids.open(new EventId(id)).filter(this::isKnown)).isEmpty();
    }
}
