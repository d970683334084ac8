package dev.herald.log;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the retention bounds in configuration syntax. */
class RetentionConfigTest {

    private static Retention retention(Map<String, String> settings) {
        LogConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(LogConfig.class)
                .withSources(new PropertiesConfigSource(settings, "a test", 1))
                .build()
                .getConfigMapping(LogConfig.class);
        return Retention.of(
                config.retention().events(),
                config.retention().bytes().map(MemorySize::asLongValue),
                config.retention().age());
    }

    @Test
    void defaultsAreAMillionEventsAWeekAndAGibibyte() {
        assertThat(retention(Map.of())).isEqualTo(new Retention(1_000_000, 1L << 30, Optional.of(Duration.ofDays(7))));
    }

    @Test
    void emptyValueRemovesTheBound() {
        assertThat(retention(Map.of("herald.log.retention.events", "")))
                .isEqualTo(new Retention(Long.MAX_VALUE, 1L << 30, Optional.of(Duration.ofDays(7))));
        assertThat(retention(Map.of(
                        "herald.log.retention.events", "",
                        "herald.log.retention.age", "",
                        "herald.log.retention.bytes", "")))
                .isEqualTo(new Retention(Long.MAX_VALUE, Long.MAX_VALUE, Optional.empty()));
    }

    @Test
    void readsSizesAndDurationsWithUnits() {
        assertThat(retention(Map.of(
                        "herald.log.retention.events", "5",
                        "herald.log.retention.age", "12h",
                        "herald.log.retention.bytes", "10M")))
                .isEqualTo(new Retention(5, 10 << 20, Optional.of(Duration.ofHours(12))));
    }
}
