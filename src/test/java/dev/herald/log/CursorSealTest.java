package dev.herald.log;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.herald.log.CursorSeal.Mark;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of PROTOCOL E11: cursors are opaque and reveal nothing. */
class CursorSealTest {
    private static final byte[] KEY = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

    private final CursorSeal seal = new CursorSeal(KEY);

    private static Mark at(long position) {
        return new Mark(42, position, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 255, Long.MAX_VALUE})
    void e11OpensASealedCursor(long number) {
        Mark mark = new Mark(-number, number, number / 2);

        assertThat(seal.open(seal.seal(mark))).contains(mark);
    }

    @Test
    void e11TwoCursorsOfOnePositionDiffer() {
        Set<String> cursors = new HashSet<>();

        for (int i = 0; i < 1_000; i++) {
            cursors.add(seal.seal(at(1)));
        }

        assertThat(cursors).hasSize(1_000);
    }

    @Test
    void e11AllCursorsHaveTheSameFormat() {
        assertThat(seal.seal(at(0)))
                .hasSameSizeAs(seal.seal(at(Long.MAX_VALUE)))
                .matches("#[A-Za-z0-9_-]{70}");
    }

    @Test
    void rejectsAnythingElse() {
        String genuine = seal.seal(at(42));
        String forged = genuine.substring(0, 30) + (genuine.charAt(30) == 'A' ? 'B' : 'A') + genuine.substring(31);

        assertThat(seal.open(forged)).isEmpty();
        assertThat(seal.open(genuine.substring(1))).isEmpty();
        assertThat(seal.open(genuine + "A")).isEmpty();
        assertThat(seal.open("")).isEmpty();
        assertThat(seal.open("#")).isEmpty();
        assertThat(seal.open("#äöü")).isEmpty();
        assertThat(new CursorSeal(new byte[CursorSeal.KEY_BYTES]).open(genuine)).isEmpty();
    }

    /** A cursor of the previous version was sealed with the same key. */
    @Test
    void rejectsACursorOfAnOlderVersion() {
        assertThat(seal.open("#cIDIx5o2vNasBQKOi6KOSgIx8ngHr2l8lsBmRQcQkcvPLVH9"))
                .isEmpty();
    }

    @Test
    void sameKeyOpensCursorsAfterARestart() {
        assertThat(new CursorSeal(KEY).open(seal.seal(at(7)))).contains(at(7));
    }
}
