package dev.herald.hub;

import java.time.Duration;

/** Settings for tests: a heartbeat that does not interfere, unless it is what is tested. */
record TestConfig(Duration heartbeat, Duration retry, int maxSubscribers) implements SseConfig {
    static final TestConfig QUIET = new TestConfig(Duration.ofHours(1), Duration.ofSeconds(2), 100_000);
}
