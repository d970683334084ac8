package dev.herald.limit;

import java.net.InetAddress;
import java.util.OptionalInt;

/**
 * Limit of open connections by the address of the peer. Trusted proxies are not limited, since their connections are of
 * many clients. Thread-safe; each call costs O(1), and O(number of trusted proxies) with a limit.
 */
public final class ConnectionLimits {
    private final OptionalInt byAddress;
    private final ClientAddresses proxies;
    private final ClientCounts addresses = new ClientCounts();

    ConnectionLimits(LimitsConfig config, ClientAddresses proxies) {
        this.byAddress = config.address().connections();
        this.proxies = proxies;
    }

    /** Whether connections of this peer are counted. */
    public boolean counts(InetAddress peer) {
        return byAddress.isPresent() && !proxies.trusts(peer);
    }

    /**
     * Counts a new connection of a peer whose connections are {@link #counts counted}.
     *
     * @return false if its address has as many as are allowed
     */
    public boolean open(InetAddress peer) {
        return addresses.enter(Client.network(peer), byAddress.getAsInt());
    }

    /** Ends the count of a connection that was opened. */
    public void close(InetAddress peer) {
        addresses.leave(Client.network(peer));
    }

    /** Number of addresses with open connections. */
    int clients() {
        return addresses.clients();
    }
}
