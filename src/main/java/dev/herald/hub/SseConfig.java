package dev.herald.hub;

import java.time.Duration;
import java.util.Optional;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Configuration of event streams. */
@ConfigMapping(prefix = "herald.sse")
public interface SseConfig {

    /**
     * Idle time after which a stream gets a comment line, so that proxies keep the connection open; 10 ms or more. Keep
     * it below the shortest idle timeout of the proxies, often 60 s.
     */
    @WithDefault("15s")
    Duration heartbeat();

    /**
     * Time without an id after which a stream with signals gets an event of the type {@code cursor}, with the current
     * position as its id; 10 ms or more. A client of a quiet topic resumes from there. Keep this below the retention
     * time of events: a client that resumes from a position before the oldest event gets a gap.
     */
    @WithDefault("5m")
    Duration cursorInterval();

    /** Reconnection time of browsers, sent at the start of a stream; 0 or more. */
    @WithDefault("2s")
    Duration retry();

    /**
     * Maximum age of a stream: it ends at a random 80 to 100 % of this, so that clients do not all reconnect at once; 1
     * s or more. Absent: no maximum age.
     */
    Optional<Duration> maxAge();

    /**
     * Time after which a stream is cut off if bytes are pending and its client has read none; it may resume. Detection
     * can take half as long again. The same applies to a client that does not acknowledge data, such as after a network
     * failure: on Linux with epoll after this time, elsewhere when the kernel gives up. 1 s or more.
     */
    @WithDefault("30s")
    Duration writeTimeout();

    /**
     * Whether clients that accept gzip get it. Data for several clients is compressed once for all; data for one
     * client, such as a replay, is not compressed.
     */
    @WithDefault("true")
    boolean compression();

    /** Maximum open streams on this node, 1 or more; further ones are rejected with a reconnection time. */
    @WithDefault("100000")
    int maxSubscribers();

    /**
     * Maximum memory of the selectors and grants of all streams on this node, in bytes by estimate, 1 MB or more. A
     * stream beyond it is rejected with a reconnection time. A selector is 256 bytes and two for each character; a
     * template has 160 more for each variable. Never more than the heap share of streams.
     */
    @WithDefault("128M")
    MemorySize maxSelectorBytes();
}
