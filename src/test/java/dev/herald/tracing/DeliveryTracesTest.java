package dev.herald.tracing;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.herald.log.AppendListener;

import static org.assertj.core.api.Assertions.assertThat;

class DeliveryTracesTest {
    private static final Object LOOP = new Object();
    private static final Object OTHER_LOOP = new Object();

    private final DeliveryTraces traces = new DeliveryTraces();
    private final TraceCalls calls = new TraceCalls();

    private void store(long position, Object... loops) {
        AppendListener listener = traces.following(calls, () -> List.of(loops));
        listener.taken();
        listener.stored(position);
    }

    @Test
    void deliveryEndsWhenTheLastLoopHasPassedThePosition() {
        store(7, LOOP, OTHER_LOOP);
        traces.matched(7, 3);
        traces.passed(LOOP, 7);
        traces.passed(LOOP, 8);
        assertThat(calls.made).containsExactly("taken", "stored");
        assertThat(traces.active()).isTrue();

        traces.matched(7, 2);
        traces.passed(OTHER_LOOP, 9);

        assertThat(calls.made).containsExactly("taken", "stored", "delivered by 2 to 5");
        assertThat(traces.active()).isFalse();
    }

    @Test
    void laterPositionIsNotDeliveredWithAnEarlierOne() {
        store(7, LOOP);
        store(8, LOOP);
        calls.made.clear();

        traces.passed(LOOP, 7);

        assertThat(calls.made).containsExactly("delivered by 1 to 0");
        assertThat(traces.active()).isTrue();
    }

    @Test
    void loopThatIsNewerThanTheUpdateDoesNotEndItsDelivery() {
        store(7, LOOP);

        traces.passed(OTHER_LOOP, 7);

        assertThat(traces.active()).isTrue();
    }

    @Test
    void nothingIsFollowedWithoutLoops() {
        store(7);

        assertThat(calls.made).containsExactly("taken", "stored");
        assertThat(traces.active()).isFalse();
    }

    @Test
    void stuckLoopKeepsABoundedNumberOfTraces() {
        for (int position = 1; position <= 2 * DeliveryTraces.MAX_TRACES; position++) {
            store(position, LOOP);
        }
        calls.made.clear();

        traces.passed(LOOP, Long.MAX_VALUE);

        assertThat(calls.made).hasSize(DeliveryTraces.MAX_TRACES);
        assertThat(traces.active()).isFalse();
    }
}
