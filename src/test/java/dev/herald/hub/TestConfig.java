package dev.herald.hub;

import java.time.Duration;
import java.util.Optional;

/** Settings for tests: a heartbeat that does not interfere, unless it is what is tested. */
record TestConfig(
        Duration heartbeat, Duration retry, int maxSubscribers, Optional<Duration> maxAge, Duration writeTimeout)
        implements SseConfig {
    static final TestConfig QUIET = new TestConfig(Duration.ofHours(1), Duration.ofSeconds(2), 100_000);

    TestConfig(Duration heartbeat, Duration retry, int maxSubscribers) {
        this(heartbeat, retry, maxSubscribers, Optional.empty(), Duration.ofHours(1));
    }

    @Override
    public boolean compression() {
        return true;
    }

    TestConfig withMaxAge(Duration age) {
        return new TestConfig(heartbeat, retry, maxSubscribers, Optional.of(age), writeTimeout);
    }

    TestConfig withWriteTimeout(Duration timeout) {
        return new TestConfig(heartbeat, retry, maxSubscribers, maxAge, timeout);
    }
}
