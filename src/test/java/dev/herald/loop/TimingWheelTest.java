package dev.herald.loop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.Rounds;

import static org.assertj.core.api.Assertions.assertThat;

class TimingWheelTest {
    private static final long TICK = 10;
    private static final int SLOTS = 8;
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    private final List<String> expired = new ArrayList<>();

    /** Item with a name. */
    private static final class Item extends TimingWheel.Entry {
        final String name;

        Item(String name) {
            this.name = name;
        }
    }

    private static TimingWheel<Item> wheel(long now) {
        return new TimingWheel<>(TICK, SLOTS, now);
    }

    private boolean expire(TimingWheel<Item> wheel, long now) {
        return wheel.expire(now, NO_LIMIT, item -> expired.add(item.name));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 7, -1_000_003, Long.MAX_VALUE - 1_000_000, Long.MIN_VALUE / 2})
    void expiresNeverEarlyAndAtMostOneTickLate(long start) {
        for (int delay = 1; delay < 3 * SLOTS * TICK; delay++) {
            expired.clear();
            TimingWheel<Item> wheel = wheel(start);
            wheel.schedule(new Item("a"), start + delay);

            long now = start;
            while (expired.isEmpty()) {
                expire(wheel, ++now);
            }

            assertThat(now - start).isBetween((long) delay, delay + TICK);
            assertThat(wheel.size()).isZero();
        }
    }

    @Test
    void overdueItemExpiresAtTheNextTick() {
        TimingWheel<Item> wheel = wheel(1_000);
        wheel.schedule(new Item("a"), 5);

        expire(wheel, 1_000 + TICK);

        assertThat(expired).containsExactly("a");
    }

    @Test
    void reschedulingMovesAnItem() {
        TimingWheel<Item> wheel = wheel(0);
        Item item = new Item("a");
        wheel.schedule(item, 20);
        wheel.schedule(item, 50);

        expire(wheel, 40);
        assertThat(expired).isEmpty();
        assertThat(wheel.size()).isEqualTo(1);
        expire(wheel, 50);

        assertThat(expired).containsExactly("a");
    }

    @Test
    void cancelledItemNeverExpiresAndCancelIsIdempotent() {
        TimingWheel<Item> wheel = wheel(0);
        Item gone = new Item("gone");
        wheel.schedule(gone, 20);
        wheel.schedule(new Item("there"), 20);

        wheel.cancel(gone);
        wheel.cancel(gone);
        expire(wheel, 100);

        assertThat(expired).containsExactly("there");
        assertThat(wheel.size()).isZero();
    }

    @Test
    void expiringItemMayCancelAnotherDueOne() {
        TimingWheel<Item> wheel = wheel(0);
        List<Item> items = IntStream.range(0, 3).mapToObj(i -> new Item("" + i)).toList();
        items.forEach(item -> wheel.schedule(item, 20));

        wheel.expire(20, NO_LIMIT, item -> {
            expired.add(item.name);
            items.forEach(wheel::cancel);
        });

        assertThat(expired).containsExactly("0");
        assertThat(wheel.size()).isZero();
    }

    @Test
    void expiringItemMayRescheduleItself() {
        TimingWheel<Item> wheel = wheel(0);
        wheel.schedule(new Item("a"), 10);

        for (long now = 0; now <= 100; now++) {
            long at = now;
            wheel.expire(now, NO_LIMIT, item -> {
                expired.add("" + at);
                wheel.schedule(item, at + 30);
            });
        }

        assertThat(expired).containsExactly("10", "40", "70", "100");
    }

    @Test
    void expireStopsAtTheLimitAndContinuesAtTheNextCall() {
        TimingWheel<Item> wheel = wheel(0);
        IntStream.range(0, 25).forEach(i -> wheel.schedule(new Item("" + i), 10 + i % 3 * TICK));

        List<Boolean> more = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        do {
            int before = expired.size();
            more.add(wheel.expire(50, 10, item -> expired.add(item.name)));
            counts.add(expired.size() - before);
        } while (more.get(more.size() - 1));

        assertThat(counts).containsExactly(10, 10, 5);
        assertThat(new HashSet<>(expired)).hasSize(25);
    }

    @Test
    void wheelCatchesUpAtOnceAfterManyMissedTurns() {
        TimingWheel<Item> wheel = wheel(0);
        IntStream.range(0, 20).forEach(i -> wheel.schedule(new Item("" + i), 1 + i * TICK));
        wheel.schedule(new Item("later"), 1_000_000_000_000L + 5 * TICK);

        expire(wheel, 1_000_000_000_000L);

        assertThat(expired).hasSize(20).doesNotContain("later");
        assertThat(wheel.size()).isEqualTo(1);
        expire(wheel, 1_000_000_000_000L + 6 * TICK);
        assertThat(expired).contains("later");
    }

    @Test
    void visitsOnlyDueItemsAndDistantOnesOncePerTurn() {
        TimingWheel<Item> wheel = wheel(0);
        IntStream.range(0, 1_000).forEach(i -> wheel.schedule(new Item("far"), 1_000_000));
        wheel.schedule(new Item("near"), 30);

        assertThat(wheel.expire(60, 1, item -> expired.add(item.name)))
                .as("distant items were not visited")
                .isFalse();

        assertThat(expired).containsExactly("near");
    }

    @Test
    void iteratesAllScheduledItems() {
        TimingWheel<Item> wheel = wheel(0);
        IntStream.range(0, 30).forEach(i -> wheel.schedule(new Item("" + i), i * 7L));

        Set<String> all = new HashSet<>();
        wheel.forEach(item -> all.add(item.name));

        assertThat(all).hasSize(30);
    }

    @Test
    void randomOperationsMatchASortedMap() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long now = random.nextInt();
        TimingWheel<Item> wheel = wheel(now);
        Map<Item, Long> model = new HashMap<>();
        List<Item> items =
                IntStream.range(0, 200).mapToObj(i -> new Item("" + i)).toList();

        for (int step = 0; step < Rounds.of(5_000, 200_000); step++) {
            Item item = items.get(random.nextInt(items.size()));
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    long due = now + random.nextInt(400);
                    wheel.schedule(item, due);
                    model.put(item, due);
                }
                case 2 -> {
                    wheel.cancel(item);
                    model.remove(item);
                }
                default -> {
                    now += random.nextInt(30);
                    long at = now;
                    wheel.expire(at, 1 + random.nextInt(20), due -> assertThat(model.remove(due))
                            .as("seed=%d", seed)
                            .isNotNull()
                            .isLessThanOrEqualTo(at));
                }
            }
            assertThat(wheel.size()).as("seed=%d", seed).isEqualTo(model.size());
        }
        long end = now + 1_000;
        wheel.expire(end, NO_LIMIT, due -> model.remove(due));

        assertThat(model).as("seed=%d", seed).isEmpty();
    }
}
