package dev.herald.limit;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Resolver of the address of a client behind trusted proxies. Each proxy adds its client at the right end of a header,
 * and everything to the left may be invented. So the client is the last hop that is not a trusted proxy (decision 216).
 * Immutable; thread-safe.
 */
public final class ClientAddresses {
    private final TrustedProxies proxies;

    ClientAddresses(TrustedProxies proxies) {
        this.proxies = proxies;
    }

    /**
     * Address of the client. It is the peer's unless the peer is a trusted proxy. A proxy that reports no known address
     * is the client itself. So is one whose two headers contradict each other: a proxy maintains one of them, and
     * passes on the other as the client sent it.
     *
     * @param peer other end of the connection
     * @param forwarded all lines of {@code Forwarded}, in order
     * @param xForwardedFor all lines of {@code X-Forwarded-For}, in order
     */
    public InetAddress of(InetAddress peer, List<String> forwarded, List<String> xForwardedFor) {
        if (!trusts(peer)) {
            return peer;
        }
        if (xForwardedFor.isEmpty()) {
            return lastUntrusted(peer, ForwardedHops.forwarded(forwarded));
        }
        InetAddress client = lastUntrusted(peer, ForwardedHops.xForwardedFor(xForwardedFor));
        boolean agree = forwarded.isEmpty() || client.equals(lastUntrusted(peer, ForwardedHops.forwarded(forwarded)));
        return agree ? client : peer;
    }

    /** Whether the headers of this peer name the address of its client. */
    public boolean trusts(InetAddress peer) {
        return !proxies.isEmpty() && proxies.contains(peer);
    }

    /** @param hops the last one first */
    private InetAddress lastUntrusted(InetAddress peer, List<Optional<InetAddress>> hops) {
        InetAddress known = peer;
        for (Optional<InetAddress> hop : hops) {
            if (hop.isEmpty()) {
                return known;
            }
            known = hop.get();
            if (!proxies.contains(known)) {
                return known;
            }
        }
        return known;
    }
}
