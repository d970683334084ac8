package dev.herald.log.local;

import java.util.ArrayDeque;
import java.util.function.Supplier;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.log.AppendListener;
import dev.herald.memory.MemoryBudget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Tests of invariant 8: an update that cannot be enqueued takes nothing from the budget of the others. */
class UpdateQueueTest {
    private static final UpdateBatch UPDATE = UpdateBatch.of(Update.of(new Topic("t"), "{}"));

    private final MemoryBudget budget = new MemoryBudget(1 << 20);

    @ParameterizedTest
    @MethodSource("dev.herald.hub.ErrorsTest#errors")
    void updateThatDoesNotFitInTheQueueReleasesItsBytes(Supplier<Error> error) {
        FailingOnce waiting = new FailingOnce(error);
        UpdateQueue queue = new UpdateQueue(100, budget, waiting);

        for (boolean kept : new boolean[] {true, false}) {
            waiting.failed = false;
            assertThat(catchThrowable(() -> queue.add(UPDATE, kept, AppendListener.NONE)))
                    .isInstanceOf(Error.class);
        }

        assertThat(budget.reserved()).isZero();
        queue.add(UPDATE, true, AppendListener.NONE);
        assertThat(queue.take(0)).hasSize(1);
    }

    /** Queue that cannot grow once. */
    private static final class FailingOnce extends ArrayDeque<QueuedBatch> {
        private static final long serialVersionUID = 1L;

        private final transient Supplier<Error> error;
        private boolean failed;

        FailingOnce(Supplier<Error> error) {
            this.error = error;
        }

        @Override
        public boolean add(QueuedBatch entry) {
            if (!failed) {
                failed = true;
                throw error.get();
            }
            return super.add(entry);
        }
    }
}
