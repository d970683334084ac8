package dev.herald.frames;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.herald.event.Frame;

import static org.assertj.core.api.Assertions.assertThat;

class SharedBatchTest {
    private static final Frame A = Frame.builder().data("a").build();
    private static final Frame B = Frame.builder().data("b").build();
    private static final Frame C = Frame.builder().data("c").build();

    @Test
    void subscribersWithEqualFramesShareOneList() {
        SharedBatch nothing = SharedBatch.empty();
        SharedBatch first = nothing.and(A);
        SharedBatch second = nothing.and(A);
        SharedBatch third = nothing.and(B);
        first = first.and(B);
        second = second.and(B);

        assertThat(first.frames()).containsExactly(A, B).isSameAs(second.frames());
        assertThat(third.frames()).containsExactly(B);
    }

    @Test
    void subscribersThatSkipTheSameFrameShareOneList() {
        SharedBatch nothing = SharedBatch.empty();
        SharedBatch all = nothing.and(A);
        SharedBatch most = nothing.and(A);
        SharedBatch most2 = nothing.and(A);
        all = all.and(B);
        all = all.and(C);
        most = most.and(C);
        most2 = most2.and(C);

        assertThat(all.frames()).containsExactly(A, B, C);
        assertThat(most.frames()).containsExactly(A, C).isSameAs(most2.frames());
    }

    @Test
    void returnedListIsImmutable() {
        SharedBatch one = SharedBatch.empty().and(A);
        List<Frame> before = one.frames();

        SharedBatch two = one.and(B);

        assertThat(before).containsExactly(A);
        assertThat(two.frames()).containsExactly(A, B);
    }
}
