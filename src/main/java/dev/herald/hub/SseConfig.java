package dev.herald.hub;

import java.time.Duration;
import java.util.Optional;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How streams behave. */
@ConfigMapping(prefix = "herald.sse")
public interface SseConfig {

    /**
     * A stream on which nothing was sent for this long gets a comment line, so that proxies between do not take the
     * connection for dead; 10 ms or more. Keep it below the shortest idle timeout on the way, often 60 s.
     */
    @WithDefault("15s")
    Duration heartbeat();

    /**
     * A stream that understands signals and on which no id was sent for this long gets an event of the type {@code cursor}
     * with the current position as its id; 10 ms or more. A client of a quiet topic resumes from there. Keep this below the
     * time for which the log retains events: a client that resumes from a position before the oldest event gets a gap.
     */
    @WithDefault("5m")
    Duration cursorInterval();

    /** How long a browser waits before it connects again, told at the start of a stream; 0 or more. */
    @WithDefault("2s")
    Duration retry();

    /**
     * A stream ends when it is 80 to 100 % of this old, at random, so that clients that came together do not come back
     * together; 1 s or more. Absent: streams do not end of age.
     */
    Optional<Duration> maxAge();

    /**
     * A stream for which bytes wait and whose client has taken none for this long is cut off, and may resume; it can take
     * half as long again until that is noticed. So is one whose client does not acknowledge what was sent, as when its
     * network has gone: on Linux with epoll after this time, elsewhere when the kernel gives up. 1 s or more.
     */
    @WithDefault("30s")
    Duration writeTimeout();

    /**
     * Whether clients that accept gzip get it: what several of them are sent is compressed once for all, what only one of
     * them is sent, as in a replay, is not.
     */
    @WithDefault("true")
    boolean compression();

    /** How many streams this node serves at once, 1 or more; further ones are told to come back later. */
    @WithDefault("100000")
    int maxSubscribers();

    /**
     * What the selectors and grants of all streams may occupy in this node's memory, in bytes by estimate, 1 MB or more; a
     * stream beyond it is to come back later. A selector is 256 bytes and two for each character; a template has 160 more
     * for each variable. Never more than the heap has for streams.
     */
    @WithDefault("128M")
    MemorySize maxSelectorBytes();
}
