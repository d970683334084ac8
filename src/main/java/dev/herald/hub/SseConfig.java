package dev.herald.hub;

import java.time.Duration;
import java.util.Optional;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.herald.settings.Range;

/** Configuration of event streams. */
@ConfigMapping(prefix = "herald.sse")
public interface SseConfig {

    /**
     * Idle time after which a stream gets a comment line, so that proxies keep the connection open. Keep it below the
     * shortest idle timeout of the proxies, often 60 s; none of them waits for an hour.
     */
    @WithDefault("15s")
    @Range(min = "10ms", max = "1h")
    Duration heartbeat();

    /**
     * Time without an id after which a stream with signals gets an event of the type {@code cursor}, with the current
     * position as its id. A client of an idle topic resumes from there. Keep this below the retention time of events: a
     * client that resumes from a position before the oldest event gets a gap.
     */
    @WithDefault("5m")
    @Range(min = "10ms", max = "1D")
    Duration cursorInterval();

    /**
     * Time that a browser waits before it reconnects, sent at the start of a stream. It applies to every interruption,
     * so a long one leaves clients without events: at most 10 minutes.
     */
    @WithDefault("2s")
    @Range(min = "0s", max = "10m")
    Duration retry();

    /**
     * Maximum age of a stream. It ends at a random 80 to 100 % of this, so that clients do not all reconnect at once.
     * Clients reconnect by themselves. Spreads clients over new nodes. Default: none, so that streams do not end of
     * age.
     */
    @Range(min = "1s", max = "365D")
    Optional<Duration> maxAge();

    /**
     * Time after which a stream is cut off if bytes are pending and its client has read none; it may resume. Detection
     * can take half as long again. The same applies to a client that does not acknowledge data, such as after a network
     * failure. On Linux with epoll it is cut off after this time, elsewhere when the kernel gives up. Until then such a
     * client occupies memory.
     */
    @WithDefault("30s")
    @Range(min = "1s", max = "1h")
    Duration writeTimeout();

    /**
     * Whether clients that accept gzip get it. Data for several clients is compressed once for all; data for one
     * client, such as a replay, is not compressed.
     */
    @WithDefault("true")
    boolean compression();

    /** Maximum open streams on this node; further ones are rejected with a reconnection time. */
    @WithDefault("100000")
    @Range(min = "1", max = "10000000")
    int maxSubscribers();

    /**
     * Maximum memory of the selectors and grants of all streams on this node, by estimate. A stream beyond it is
     * rejected with a reconnection time. A selector is 256 bytes and two for each character; a template has 160 more
     * for each variable. Never more than the heap share of streams.
     */
    @WithDefault("128M")
    @Range(min = "1M", max = "64G")
    MemorySize maxSelectorBytes();
}
