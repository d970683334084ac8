package dev.herald.log;

import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** E11: cursors are opaque, and tell nothing. */
class CursorSealTest {
    private final CursorSeal seal = CursorSeal.random();

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 255, Long.MAX_VALUE})
    void e11OpensWhatItSealed(long position) {
        assertThat(seal.open(seal.seal(position))).hasValue(position);
    }

    @Test
    void e11CursorsOfOnePositionDiffer() {
        Set<String> cursors = new HashSet<>();

        for (int i = 0; i < 1_000; i++) {
            cursors.add(seal.seal(1));
        }

        assertThat(cursors).hasSize(1_000);
    }

    @Test
    void e11AllCursorsLookAlike() {
        assertThat(seal.seal(0)).hasSameSizeAs(seal.seal(Long.MAX_VALUE)).matches("#[A-Za-z0-9_-]{48}");
    }

    @Test
    void doesNotOpenAnythingElse() {
        String genuine = seal.seal(42);
        String forged = genuine.substring(0, 30) + (genuine.charAt(30) == 'A' ? 'B' : 'A') + genuine.substring(31);

        assertThat(seal.open(forged)).isEmpty();
        assertThat(seal.open(genuine.substring(1))).isEmpty();
        assertThat(seal.open(genuine + "A")).isEmpty();
        assertThat(seal.open("")).isEmpty();
        assertThat(seal.open("#")).isEmpty();
        assertThat(seal.open("#äöü")).isEmpty();
        assertThat(CursorSeal.random().open(genuine)).isEmpty();
    }

    @Test
    void theSameKeyOpensAfterARestart() {
        byte[] key = new byte[CursorSeal.KEY_BYTES];

        String cursor = new CursorSeal(key).seal(7);

        assertThat(new CursorSeal(key).open(cursor)).hasValue(7);
    }
}
