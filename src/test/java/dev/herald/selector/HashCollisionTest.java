package dev.herald.selector;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.herald.event.EventId;
import dev.herald.event.Topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

/** Tests that topics, ids and selectors with colliding hashes do not slow down a hash table. */
class HashCollisionTest {
    private static final int NAMES = 1 << 15;

    static Stream<Function<String, Object>> types() {
        return Stream.of(Topic::new, EventId::new, TopicSelector::parse, name -> TopicSelector.parse(name + "{x}"));
    }

    @ParameterizedTest
    @MethodSource("types")
    void namesWithEqualHashesAreFoundFast(Function<String, Object> type) {
        Set<Object> names = new HashSet<>();

        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int i = 0; i < NAMES; i++) {
                names.add(type.apply(name(i)));
            }
        });

        assertThat(names).hasSize(NAMES);
        assertThat(names.stream().map(Object::hashCode).distinct()).hasSize(1);
    }

    /** "Aa" and "BB" have equal hashes, and so have all their sequences of one length. */
    private static String name(int number) {
        StringBuilder name = new StringBuilder();
        for (int bit = 1; bit < NAMES; bit <<= 1) {
            name.append((number & bit) == 0 ? "Aa" : "BB");
        }
        return name.toString();
    }
}
