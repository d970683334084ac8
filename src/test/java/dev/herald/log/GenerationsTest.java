package dev.herald.log;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the positions that cursors open at, and of the seams where readers get a gap. */
class GenerationsTest {
    private static final Generation FIRST = new Generation(11, 0, true);
    private static final Generation SECOND = new Generation(22, 100, true);
    private static final Generation AFTER_A_LOSS = new Generation(33, 201, false);
    private static final Generation NEWEST = new Generation(44, 300, true);

    private final Generations generations = new Generations(List.of(FIRST, SECOND, AFTER_A_LOSS, NEWEST));

    private static CursorSeal.Mark mark(long generation, long position, long kept) {
        return new CursorSeal.Mark(generation, position, kept);
    }

    @Test
    void cursorOfTheRunningGenerationOpensAtItsPosition() {
        assertThat(generations.resume(mark(44, 350, 340))).hasValue(350);
        assertThat(generations.resume(mark(44, 20, 20)))
                .as("while replaying history")
                .hasValue(20);
    }

    @Test
    void cursorOfAnOlderGenerationOpensWithinIt() {
        assertThat(generations.resume(mark(22, 150, 150))).hasValue(150);
        assertThat(generations.resume(mark(11, 100, 100))).hasValue(100);
    }

    @Test
    void cursorBehindTheLastKeptEventOfItsGenerationOpensAtItsEnd() {
        assertThat(generations.resume(mark(11, 150, 100)))
                .as("only transient events were in between, and they are lost")
                .hasValue(100);
    }

    @Test
    void cursorOfAMissingEventDoesNotOpen() {
        assertThat(generations.resume(mark(11, 103, 103)))
                .as("a backup of a running log")
                .isEmpty();
    }

    @Test
    void cursorOfTheFirstLostEventDoesNotOpen() {
        assertThat(generations.resume(mark(22, 201, 201))).isEmpty();
        assertThat(generations.resume(new TransientIds.Mark(22, 101))).isEmpty();
    }

    @Test
    void cursorBehindTheLastKeptEventBeforeALossOpensBeforeTheSeam() {
        assertThat(generations.resume(mark(22, 205, 200)))
                .as("so that its reader gets the gap")
                .hasValue(200);
    }

    @Test
    void cursorOfAnUnknownGenerationDoesNotOpen() {
        assertThat(generations.resume(mark(55, 50, 50))).isEmpty();
    }

    @Test
    void cursorOfAForgottenGenerationDoesNotOpen() {
        Generations old = new Generations(List.of(new Generation(Generation.EXPIRED, 5, false), NEWEST));

        assertThat(old.resume(mark(Generation.EXPIRED, 6, 6))).isEmpty();
        assertThat(old.resume(new TransientIds.Mark(0, 1))).isEmpty();
        assertThat(old.behindSeam(4)).isEqualTo(5);
    }

    @Test
    void idOfATransientEventOpensAtTheKeptEventBeforeIt() {
        assertThat(generations.resume(new TransientIds.Mark(22, 50))).hasValue(150);
        assertThat(generations.resume(new TransientIds.Mark(22, 102))).isEmpty();
        assertThat(generations.resume(new TransientIds.Mark(55, 50))).isEmpty();
    }

    @Test
    void readersCrossASeamWhereEventsMayBeMissing() {
        assertThat(generations.behindSeam(200)).isEqualTo(201);
        assertThat(generations.behindSeam(199)).isEqualTo(199);
        assertThat(generations.behindSeam(201)).isEqualTo(201);
        assertThat(generations.beforeSeam(0)).isEqualTo(200);
        assertThat(generations.beforeSeam(201)).isEqualTo(Long.MAX_VALUE);
        assertThat(generations.lastSeam()).isEqualTo(201);
    }

    @Test
    void seamsWithoutAnEventBetweenAreCrossedTogether() {
        Generations twice =
                new Generations(List.of(FIRST, new Generation(22, 51, false), new Generation(33, 52, false)));

        assertThat(twice.behindSeam(50)).isEqualTo(52);
    }

    @Test
    void newIdsDifferInTheirTags() {
        List<Generation> known = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            known.add(new Generation(Generations.newId(known), 0, true));
        }

        assertThat(known)
                .extracting(generation -> TransientIds.tag(generation.id()))
                .doesNotHaveDuplicates();
    }
}
