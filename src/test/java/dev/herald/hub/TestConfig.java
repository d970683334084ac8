package dev.herald.hub;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;

import io.quarkus.runtime.configuration.MemorySize;

/** Settings for tests, by default with a heartbeat too rare to interfere. */
record TestConfig(
        Duration heartbeat,
        Duration cursorInterval,
        Duration retry,
        int maxSubscribers,
        Optional<Duration> maxAge,
        Duration writeTimeout,
        long selectorBytes)
        implements SseConfig {
    static final TestConfig QUIET = new TestConfig(Duration.ofHours(1), Duration.ofSeconds(2), 100_000);

    TestConfig(Duration heartbeat, Duration retry, int maxSubscribers) {
        this(
                heartbeat,
                Duration.ofHours(1),
                retry,
                maxSubscribers,
                Optional.empty(),
                Duration.ofHours(1),
                Long.MAX_VALUE);
    }

    @Override
    public MemorySize maxSelectorBytes() {
        return new MemorySize(BigInteger.valueOf(selectorBytes));
    }

    @Override
    public boolean compression() {
        return true;
    }

    TestConfig withCursorInterval(Duration interval) {
        return new TestConfig(heartbeat, interval, retry, maxSubscribers, maxAge, writeTimeout, selectorBytes);
    }

    TestConfig withMaxAge(Duration age) {
        return new TestConfig(
                heartbeat, cursorInterval, retry, maxSubscribers, Optional.of(age), writeTimeout, selectorBytes);
    }

    TestConfig withWriteTimeout(Duration timeout) {
        return new TestConfig(heartbeat, cursorInterval, retry, maxSubscribers, maxAge, timeout, selectorBytes);
    }

    TestConfig withSelectorBytes(long bytes) {
        return new TestConfig(heartbeat, cursorInterval, retry, maxSubscribers, maxAge, writeTimeout, bytes);
    }
}
