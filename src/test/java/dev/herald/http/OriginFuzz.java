package dev.herald.http;

import java.util.List;
import java.util.Locale;

import io.quarkus.runtime.LaunchMode;
import io.vertx.core.net.HostAndPort;

import dev.herald.fuzz.FuzzInput;
import dev.herald.fuzz.FuzzTarget;

import static org.assertj.core.api.Assertions.assertThat;

/** Origins: only one that has the same scheme, host and port as a listed one, or as the hub, is trusted. */
public final class OriginFuzz implements FuzzTarget {
    private static final String LISTED = "https://shop.example:8443";
    private static final String WILDCARD = "https://*.shop.example";
    private static final String TRUSTED = "https://(shop\\.example:0*8443|[a-z0-9_-]+\\.shop\\.example(:0*443)?)";

    private final OriginPolicy policy = new OriginPolicy(List.of(LISTED, WILDCARD), List.of(), LaunchMode.NORMAL);

    @Override
    public void run(FuzzInput input) {
        String authority = input.line();
        String origin = input.text();

        if (policy.trusts(origin)) {
            assertThat(origin.toLowerCase(Locale.ROOT)).matches(TRUSTED);
        }
        assertThat(OriginList.isOrigin(origin) && OriginList.isWildcard(origin)).isFalse();
        if (OriginList.isOrigin(origin)) {
            assertThat(new OriginList(List.of(origin)).contains(origin.toUpperCase(Locale.ROOT)))
                    .isTrue();
        }
        HostAndPort own = HostAndPort.parseAuthority(authority, -1);
        if (own != null && policy.mayPublishByCookie(own, origin) && !policy.trusts(origin)) {
            String rest = origin.substring(origin.indexOf("://") + 3);
            assertThat(rest.regionMatches(true, 0, own.host(), 0, own.host().length()))
                    .isTrue();
            assertThat(rest.substring(own.host().length())).matches("(?::[0-9]+)?");
        }
    }
}
