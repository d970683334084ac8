package dev.herald.limit;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.herald.settings.Range;

/**
 * Limits of each client. None is set by default, since many clients may have one address (a proxy) or one subject,
 * which only the operator knows (decision 215). Each limit that is set applies by itself.
 */
@ConfigMapping(prefix = "herald.limits")
public interface LimitsConfig {

    /** Limits of all clients whose tokens have the same subject ({@code sub}); other clients are not counted here. */
    ClientLimits subject();

    /**
     * Limits of all clients with the same IPv4 address, or the same first 64 bits of an IPv6 address, with and without
     * a token.
     */
    AddressLimits address();

    /**
     * Time for which the unused allowance of a rate accumulates. After a pause a client
     * may publish that many seconds' worth at once. The allowance of bytes is always enough for the largest request.
     */
    @WithDefault("10s")
    @Range(min = "1s", max = "1h")
    Duration burst();

    /**
     * Proxies whose headers {@code Forwarded} and {@code X-Forwarded-For} name the address of a client: addresses, or
     * blocks such as {@code 10.0.0.0/8} and {@code fd00::/8}. A client that is not one of them cannot change its
     * address. Without the proxy in this list, all of its clients have one address. Default: none.
     */
    Optional<List<String>> trustedProxies();

    /** Limits of one kind of client. */
    interface ClientLimits {

        /** Accepted updates a second; beyond it 429 with {@code Retry-After}. Default: no limit. */
        @Range(min = "1", max = "1000000")
        OptionalInt updatesPerSecond();

        /**
         * Accepted bytes of URLs and bodies of publishing requests a second; beyond it 429 with {@code Retry-After}.
         * Default: no limit.
         */
        @Range(min = "1", max = "1000000000")
        Optional<MemorySize> bytesPerSecond();

        /**
         * Open streams; a further one ends at once with a reconnection time. Default: no limit but
         * {@code herald.sse.max-subscribers}.
         */
        @Range(min = "1", max = "10000000")
        OptionalInt streams();
    }

    /** Limits of the clients of one address. */
    interface AddressLimits extends ClientLimits {

        /**
         * Open connections, with and without a request; a further one is closed as it is accepted. Over HTTP/1.1, each
         * stream has one. The address is that of the connection: a proxy in {@code herald.limits.trusted-proxies} is not
         * limited, and every other proxy is one client. Default: no limit but that of open files.
         */
        @Range(min = "8", max = "10000000")
        OptionalInt connections();
    }
}
