package dev.herald.limit;

import java.net.InetAddress;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.herald.limit.TestLimits.Of;

import static dev.herald.limit.TestLimits.NONE;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the number of connections that an address may have. */
class ConnectionLimitsTest {
    private static ConnectionLimits limits(Of address, String... proxies) {
        ClientAddresses trusted = new ClientAddresses(TrustedProxies.of(List.of(proxies)));
        return new ConnectionLimits(TestLimits.of(NONE, address), trusted);
    }

    private static InetAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    @Test
    void withoutALimitNoConnectionIsCounted() {
        assertThat(limits(NONE).counts(ip("192.0.2.1"))).isFalse();
        assertThat(limits(Of.streams(1)).counts(ip("192.0.2.1"))).isFalse();
    }

    @Test
    void trustedProxyIsNotCounted() {
        ConnectionLimits limits = limits(Of.connections(8), "10.0.0.0/8");

        assertThat(limits.counts(ip("10.1.2.3"))).isFalse();
        assertThat(limits.counts(ip("192.0.2.1"))).isTrue();
    }

    @Test
    void connectionBeyondTheLimitIsRejectedUntilOneCloses() {
        ConnectionLimits limits = limits(Of.connections(2));

        assertThat(limits.open(ip("192.0.2.1"))).isTrue();
        assertThat(limits.open(ip("192.0.2.1"))).isTrue();
        assertThat(limits.open(ip("192.0.2.1"))).isFalse();
        assertThat(limits.open(ip("192.0.2.2"))).as("another address").isTrue();
        limits.close(ip("192.0.2.1"));
        assertThat(limits.open(ip("192.0.2.1"))).isTrue();
    }

    @Test
    void addressesOfOneNetworkOfIpv6CountTogether() {
        ConnectionLimits limits = limits(Of.connections(1));

        assertThat(limits.open(ip("2001:db8::1"))).isTrue();
        assertThat(limits.open(ip("2001:db8::ffff:2"))).isFalse();
        assertThat(limits.open(ip("2001:db8:0:1::1"))).isTrue();
    }

    @Test
    void addressWithoutConnectionsIsForgotten() {
        ConnectionLimits limits = limits(Of.connections(8));
        for (int i = 0; i < 100; i++) {
            limits.open(ip("192.0.2." + i));
        }
        assertThat(limits.clients()).isEqualTo(100);

        for (int i = 0; i < 100; i++) {
            limits.close(ip("192.0.2." + i));
        }

        assertThat(limits.clients()).isZero();
    }
}
