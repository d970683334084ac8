package dev.herald.hub;

import java.time.Duration;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;

/** Default settings of a hub, for tests without a container. */
public final class DefaultConfig {
    private static final int BEFORE_ALL_OTHERS = 1_000;

    private DefaultConfig() {}

    public static SseConfig sse() {
        return new SmallRyeConfigBuilder()
                .withMapping(SseConfig.class)
                .withConverter(MemorySize.class, BEFORE_ALL_OTHERS, new MemorySizeConverter())
                .withConverter(Duration.class, BEFORE_ALL_OTHERS, new DurationConverter())
                .build()
                .getConfigMapping(SseConfig.class);
    }
}
