package dev.herald.http;

import java.util.List;
import java.util.Locale;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.netty.util.NetUtil;
import io.quarkus.runtime.LaunchMode;
import io.vertx.core.net.HostAndPort;

import dev.herald.auth.AuthConfig;

/**
 * Policy of the origins whose pages may use the hub (PROTOCOL M30): its own, and those that the configuration
 * lists. Requests from other websites carry an {@code Origin} that the browser sets and the page cannot change (RFC
 * 6454 §7).
 */
@ApplicationScoped
class OriginPolicy {
    private static final String ANY = "*";

    private final OriginList listed;
    private final OriginList listedForCookies;
    private final boolean anyOrigin;
    private final boolean anyHost;

    @Inject
    OriginPolicy(HttpConfig config, AuthConfig auth, LaunchMode mode) {
        this(
                config.cors().origins().orElse(List.of()),
                auth.auth().cookie().origins().orElse(List.of()),
                mode);
    }

    OriginPolicy(List<String> listed, List<String> listedForCookies, LaunchMode mode) {
        this.listed = new OriginList(listed);
        this.listedForCookies = new OriginList(listedForCookies);
        this.anyOrigin = listed.contains(ANY);
        this.anyHost = mode != LaunchMode.DEVELOPMENT;
    }

    /** Whether the origin is listed, by name or by a wildcard. Its pages may send credentials. */
    boolean trusts(String origin) {
        return listed.contains(origin);
    }

    /** Whether every page may read without credentials. */
    boolean allowsAnyOrigin() {
        return anyOrigin;
    }

    /**
     * Whether a page of that origin may publish.
     *
     * @param host the host to which the request was sent; null if it names none
     */
    boolean mayPublish(HostAndPort host, String origin) {
        return allowsAnyOrigin() || trusts(origin) || mayPublishByCookie(host, origin);
    }

    /** Whether a page of that origin may publish with the token in a cookie (PROTOCOL M25). */
    boolean mayPublishByCookie(HostAndPort host, String origin) {
        return listedForCookies.contains(origin) || isOwn(host, origin);
    }

    /** Whether a page of that origin may administer the hub: the hub's own only, whatever is listed. */
    boolean mayAdminister(HostAndPort host, String origin) {
        return isOwn(host, origin);
    }

    /**
     * Whether the page came from this hub: its host and port are those to which the request was sent. The scheme may
     * differ, since a proxy in front may terminate TLS.
     *
     * <p>A foreign name that resolves to this machine (DNS rebinding) would pass as the hub's own. In dev mode, where
     * the hub is open, only {@code localhost} and IP addresses are therefore accepted as its own.
     */
    private boolean isOwn(HostAndPort host, String origin) {
        int scheme = origin.indexOf("://");
        if (host == null || scheme < 0) {
            return false;
        }
        String ownAuthority = host.port() < 0 ? host.host() : host.host() + ":" + host.port();
        String originAuthority = origin.substring(scheme + "://".length());
        return withPort(origin, originAuthority).equalsIgnoreCase(withPort(origin, ownAuthority))
                && (anyHost || isThisMachine(host.host()));
    }

    private static String withPort(String origin, String authority) {
        boolean hasPort = authority.lastIndexOf(':') > authority.lastIndexOf(']');
        return hasPort ? authority : authority + (origin.startsWith("https:") ? ":443" : ":80");
    }

    private static boolean isThisMachine(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || NetUtil.isValidIpV4Address(name)
                || NetUtil.isValidIpV6Address(name);
    }
}
