package dev.herald.memory;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class MemoryBudgetTest {
    private final MemoryBudget budget = new MemoryBudget(100);

    @Test
    void grantsUpToTheLimitAndNoByteMore() {
        assertThat(budget.tryReserve(60)).isTrue();
        assertThat(budget.tryReserve(41)).isFalse();
        assertThat(budget.tryReserve(40)).isTrue();

        assertThat(budget.exhausted()).isTrue();
        assertThat(budget.reserved()).isEqualTo(100);
        assertThat(budget.tryReserve(1)).isFalse();
    }

    @Test
    void rejectionReservesNothing() {
        budget.reserve(60);

        budget.tryReserve(41);

        assertThat(budget.reserved()).isEqualTo(60);
    }

    @Test
    void singleReservationMayExceedTheLimit() {
        assertThat(budget.tryReserve(1_000)).isTrue();
        assertThat(budget.tryReserve(1)).isFalse();

        budget.release(1_000);

        assertThat(budget.tryReserve(1)).isTrue();
    }

    @Test
    void reservationThatIsAloneGrowsBeyondTheLimitAndNoOtherDoes() {
        Reservation large = new Reservation(budget);
        Reservation small = new Reservation(budget);

        assertThat(large.grow(90)).isTrue();
        assertThat(large.grow(90)).as("the only reservation").isTrue();
        assertThat(small.grow(1)).isFalse();
        large.close();
        assertThat(small.grow(1)).isTrue();
        assertThat(large.grow(100)).as("no longer the only reservation").isFalse();
    }

    @Test
    void closingTwiceReleasesOnce() {
        budget.reserve(10);
        Reservation reservation = new Reservation(budget);
        reservation.grow(50);

        reservation.close();
        reservation.close();

        assertThat(budget.reserved()).isEqualTo(10);
    }

    /** A client may disconnect before its request is complete. */
    @Test
    void closedReservationDoesNotGrow() {
        Reservation reservation = new Reservation(budget);
        reservation.grow(50);

        reservation.close();

        assertThat(reservation.grow(1)).isFalse();
        assertThat(budget.reserved()).isZero();
    }

    @Test
    void unlimitedBudgetIsNeverExhausted() {
        MemoryBudget unlimited = MemoryBudget.unlimited();
        unlimited.reserve(1L << 40);

        assertThat(unlimited.tryReserve(1L << 40)).isTrue();
        assertThat(unlimited.exhausted()).isFalse();
    }

    @Test
    void budgetWithoutAByteIsRejected() {
        assertThatThrownBy(() -> new MemoryBudget(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void threadsThatReserveAtOnceNeverExceedTheLimit() throws Exception {
        MemoryBudget shared = new MemoryBudget(1_000);
        shared.reserve(1);
        Callable<Long> reserving = () -> {
            long granted = 0;
            for (int i = 0; i < 10_000; i++) {
                granted += shared.tryReserve(7) ? 7 : 0;
            }
            return granted;
        };
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            long granted = 0;
            for (Future<Long> done : threads.invokeAll(
                    List.copyOf(Stream.generate(() -> reserving).limit(4).toList()))) {
                granted += done.get();
            }

            assertThat(shared.reserved()).isEqualTo(1 + granted).isLessThanOrEqualTo(1_000);
        } finally {
            threads.shutdown();
        }
    }
}
