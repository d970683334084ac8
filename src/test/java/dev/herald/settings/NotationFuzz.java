package dev.herald.settings;

import java.lang.annotation.Annotation;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;

import dev.herald.fuzz.FuzzInput;
import dev.herald.fuzz.FuzzTarget;

import static org.assertj.core.api.Assertions.assertThat;

/** Values of settings: what the check allows is within its bounds, and the converter that reads it accepts it. */
public final class NotationFuzz implements FuzzTarget {
    private static final List<Class<?>> TYPES =
            List.of(Duration.class, MemorySize.class, OptionalInt.class, Long.class, boolean.class, Thread.State.class);

    @Override
    public void run(FuzzInput input) {
        int type = input.number(TYPES.size());
        String text = input.text();
        if (text.isBlank()) {
            // Absent, for the caller.
            return;
        }
        Notation notation = Notation.of(TYPES.get(type));

        boolean allowed = notation.allows(text, bounds(type));

        if (allowed) {
            assertThat(notation.allows(text, Optional.empty())).isTrue();
            checkAmount(type, text.strip());
        }
    }

    private static Optional<Range> bounds(int type) {
        return type == 0
                ? Optional.of(range("1s", "10m"))
                : type == 1
                        ? Optional.of(range("1K", "1M"))
                        : type < 4 ? Optional.of(range("1", "1000")) : Optional.empty();
    }

    private static void checkAmount(int type, String text) {
        switch (type) {
            case 0 ->
                assertThat(DurationConverter.parseDuration(text))
                        .isBetween(Duration.ofSeconds(1), Duration.ofMinutes(10));
            case 1 ->
                assertThat(new MemorySizeConverter().convert(text).asBigInteger())
                        .isBetween(BigInteger.valueOf(1_024), BigInteger.valueOf(1_048_576));
            case 2, 3 -> assertThat(Long.parseLong(text)).isBetween(1L, 1_000L);
            default -> {
                // No amount.
            }
        }
    }

    private static Range range(String min, String max) {
        return new Range() {
            @Override
            public String min() {
                return min;
            }

            @Override
            public String max() {
                return max;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return Range.class;
            }
        };
    }
}
