package dev.herald.http.check;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class MediaTypesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "text/event-stream",
                "text/*;q=0",
                "a/b; q=1.0; level=\"1\"",
                "A/B;charset=utf-8",
                // Java's HttpURLConnection sends both.
                "*; q=.2",
                "*"
            })
    void rangeWithAValidWeight(String element) {
        assertThat(MediaTypes.isRange(element)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "/", "a/", "/b", ";;", "a/b/c", "a/b;q=2", "a/b;q=-1", "a/b;q=NaN", "a/b;q=", "a;/b"})
    void elementThatIsNoRange(String element) {
        assertThat(MediaTypes.isRange(element)).isFalse();
    }

    @Test
    void listIsSplitAtCommas() {
        assertThat(MediaTypes.elements(List.of("a/b, c/d;q=0.5", "", "x,,y")))
                .containsExactly("a/b", "c/d;q=0.5", "", "x", "", "y");
    }

    /** What Quarkus REST would parse for a second, and keep. */
    @Test
    void longValueIsNotShort() {
        assertThat(MediaTypes.areShort(List.of("a/b" + ";".repeat(50)))).isTrue();
        assertThat(MediaTypes.areShort(List.of("a/b;;;", "c/d" + ";".repeat(48))))
                .isFalse();
        assertThat(MediaTypes.areShort(List.of("a/" + "b".repeat(998)))).isTrue();
        assertThat(MediaTypes.areShort(List.of("a/" + "b".repeat(500), "a/" + "b".repeat(500))))
                .isFalse();
    }
}
