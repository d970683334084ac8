package dev.herald.http;

import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.inject.Singleton;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import org.jboss.logging.Logger;

import dev.herald.auth.Authenticator;
import dev.herald.auth.Grants;
import dev.herald.limit.Client;
import dev.herald.limit.ClientAddresses;
import dev.herald.limit.IpAddress;
import dev.herald.limit.Limits;
import dev.herald.limit.StreamLimits;
import dev.herald.limit.StreamSlot;
import dev.herald.logging.MinuteLog;
import dev.herald.logging.WarningInterval;

/**
 * Identifier of the clients of requests, for limits. The address is that of the connection, whatever Quarkus makes of
 * forwarding headers ({@code quarkus.http.proxy}), or the one that a trusted proxy names. Thread-safe.
 */
@Singleton
public class Clients {
    private static final Logger LOG = Logger.getLogger(Clients.class);
    private static final String FORWARDED = "Forwarded";
    private static final String X_FORWARDED_FOR = "X-Forwarded-For";

    /** Address of a peer without one: a Unix domain socket. */
    private static final String LOCAL = "127.0.0.1";

    private final Authenticator authenticator;
    private final AtomicInteger selfChecks = new AtomicInteger();
    private final ClientAddresses addresses;
    private final StreamLimits streams;
    private final WarningInterval warnings = new WarningInterval();
    private final MinuteLog<String> rejected = new MinuteLog<>((limit, count, first) -> LOG.infof(
            "Streams were rejected with a time to reconnect: their clients have as many as are allowed. limit=%s"
                    + " count=%d",
            limit, count));

    public Clients(Limits limits, Authenticator authenticator) {
        this.authenticator = authenticator;
        this.addresses = limits.addresses();
        this.streams = limits.streams();
    }

    /** The client that has sent the request with these grants. */
    Client of(HttpServerRequest request, Grants grants) {
        if (authenticator.selfChecking()) {
            // Each request is a client of its own: it is not rejected, and takes nothing from the quota of others.
            return Client.of(
                    Optional.empty(),
                    IpAddress.parse("0.0.0." + (selfChecks.incrementAndGet() & 0xFF))
                            .orElseThrow());
        }
        return Client.of(
                grants.subject(),
                addresses.of(
                        peer(request),
                        request.headers().getAll(FORWARDED),
                        request.headers().getAll(X_FORWARDED_FOR)));
    }

    /** Address of the client that has sent the request, as text. */
    public String address(HttpServerRequest request) {
        return addresses
                .of(
                        peer(request),
                        request.headers().getAll(FORWARDED),
                        request.headers().getAll(X_FORWARDED_FOR))
                .getHostAddress();
    }

    private static InetAddress peer(HttpServerRequest request) {
        SocketAddress peer = request.connection().remoteAddress();
        String address = peer == null || peer.hostAddress() == null ? LOCAL : peer.hostAddress();
        return IpAddress.parse(address).orElseThrow();
    }

    /** Slot of a stream that is to be opened for this request, or a rejection. */
    public StreamSlot openStream(HttpServerRequest request, Grants grants) {
        if (!streams.enabled()) {
            return StreamSlot.UNLIMITED;
        }
        StreamSlot slot = streams.open(of(request, grants));
        if (slot.rejection().isPresent()) {
            rejected.record(slot.rejectedByAddress() ? "address" : "subject");
        }
        if (slot.rejectedByAddress()) {
            warnOfUnknownProxy(request);
        }
        return slot;
    }

    /** Heap bytes that the limits keep for each open stream. */
    public long streamBytes() {
        return streams.enabled() ? StreamLimits.SLOT_BYTES : 0;
    }

    /** Logs a warning if a request, rejected by its address, came through a proxy that is not trusted. */
    void warnOfUnknownProxy(HttpServerRequest request) {
        boolean forwarded = !request.headers().getAll(FORWARDED).isEmpty()
                || !request.headers().getAll(X_FORWARDED_FOR).isEmpty();
        if (forwarded && !addresses.trusts(peer(request)) && warnings.elapsed()) {
            LOG.warnf(
                    "A client was limited whose request has a forwarding header, but the peer is not a trusted proxy. If"
                            + " it is your proxy, name it in herald.limits.trusted-proxies: else all of its clients share"
                            + " the limits of one address. peer=%s",
                    peer(request).getHostAddress());
        }
    }
}
