package dev.herald.limit;

import java.net.InetAddress;
import java.util.Collections;
import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of which hop is the client, for proxies in 10.0.0.0/8 and fd00::/8. */
class ClientAddressesTest {
    private static final ClientAddresses ADDRESSES =
            new ClientAddresses(TrustedProxies.of(List.of("10.0.0.0/8", "fd00::/8")));
    private static final String PROXY = "10.0.0.1";

    private static InetAddress ip(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    private static InetAddress xForwardedFor(String... lines) {
        return ADDRESSES.of(ip(PROXY), List.of(), List.of(lines));
    }

    private static InetAddress forwarded(String... lines) {
        return ADDRESSES.of(ip(PROXY), List.of(lines), List.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.7 | 203.0.113.7",
                "198.51.100.1, 203.0.113.7 | 203.0.113.7",
                "198.51.100.1, 203.0.113.7, 10.0.0.2 | 203.0.113.7",
                "203.0.113.7,10.0.0.2,fd00::3 | 203.0.113.7",
                "10.0.0.3, 10.0.0.2 | 10.0.0.3",
                "203.0.113.7:4711 | 203.0.113.7",
                "2001:db8::1 | 2001:db8::1",
                "[2001:db8::1] | 2001:db8::1",
                "[2001:db8::1]:4711 | 2001:db8::1",
                "::ffff:203.0.113.7 | 203.0.113.7",
                "203.0.113.7,,  , | 203.0.113.7",
                "unknown | 10.0.0.1",
                "_hidden | 10.0.0.1",
                "203.0.113.7, unknown | 10.0.0.1",
                "203.0.113.7, unknown, 10.0.0.2 | 10.0.0.2",
                "203.0.113.7, 999.1.1.1 | 10.0.0.1",
                "203.0.113.7, localhost | 10.0.0.1",
                "203.0.113.7, [::1 | 10.0.0.1",
                "203.0.113.7, 1.2.3 | 10.0.0.1",
                ", | 10.0.0.1",
                "203.0.113.7; for=198.51.100.1 | 10.0.0.1"
            })
    void lastHopOfXForwardedForThatIsNoProxyIsTheClient(String line, String client) {
        assertThat(xForwardedFor(line)).isEqualTo(ip(client));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "for=203.0.113.7 | 203.0.113.7",
                "For=203.0.113.7;proto=https;by=10.0.0.1 | 203.0.113.7",
                "proto=http; FOR = 203.0.113.7 | 10.0.0.1",
                "proto=http ; FOR=\"203.0.113.7:4711\" | 203.0.113.7",
                "for=203.0.113.7:4711 | 203.0.113.7",
                "for=\"[2001:db8::1]\" | 2001:db8::1",
                "for=\"[2001:db8::1]:4711\";host=\"a,b;for=198.51.100.1\" | 2001:db8::1",
                "for=\"[2001:db8::1]:_port\" | 2001:db8::1",
                "for=\"\\203.0.113.7\" | 203.0.113.7",
                "for=198.51.100.1, for=203.0.113.7, for=10.0.0.2 | 203.0.113.7",
                "for=203.0.113.7; | 203.0.113.7",
                "for=203.0.113.7, , | 203.0.113.7",
                "for=unknown | 10.0.0.1",
                "for=_hidden | 10.0.0.1",
                "for=\"_hidden\" | 10.0.0.1",
                "for=203.0.113.7, for=unknown | 10.0.0.1",
                "for=203.0.113.7, proto=https | 10.0.0.1",
                "for=203.0.113.7, for=unknown, for=10.0.0.2 | 10.0.0.2",
                "for=203.0.113.7;for=198.51.100.1 | 10.0.0.1",
                "for=203.0.113.7, for=\"open | 10.0.0.1",
                "for=198.51.100.1;x=\", for=203.0.113.7 | 10.0.0.1",
                "for=198.51.100.1;x=\", for=\"[2001:db8::1]\" | 10.0.0.1",
                "for=\"203.0.113.7\"x | 10.0.0.1",
                "203.0.113.7 | 10.0.0.1",
                "; | 10.0.0.1",
                "for= | 10.0.0.1"
            })
    void lastHopOfForwardedThatIsNoProxyIsTheClient(String line, String client) {
        assertThat(forwarded(line)).isEqualTo(ip(client));
    }

    @Test
    void linesOfAHeaderAreOneList() {
        assertThat(xForwardedFor("198.51.100.1", "203.0.113.7, 10.0.0.3", "10.0.0.2"))
                .isEqualTo(ip("203.0.113.7"));
        assertThat(forwarded("for=198.51.100.1", "for=203.0.113.7", "for=10.0.0.2"))
                .isEqualTo(ip("203.0.113.7"));
    }

    @Test
    void quoteThatAClientLeavesOpenHidesNoLaterLine() {
        assertThat(forwarded("for=198.51.100.1;x=\"", "for=203.0.113.7")).isEqualTo(ip("203.0.113.7"));
        assertThat(forwarded("for=198.51.100.1", "for=\"", "for=10.0.0.2")).isEqualTo(ip("10.0.0.2"));
    }

    @Test
    void peerThatIsNoProxyIsTheClientWhateverItSends() {
        InetAddress peer = ip("203.0.113.9");

        assertThat(ADDRESSES.of(peer, List.of("for=198.51.100.1"), List.of("198.51.100.1")))
                .isEqualTo(peer);
    }

    @Test
    void withoutProxiesThePeerIsTheClient() {
        ClientAddresses none = new ClientAddresses(TrustedProxies.of(List.of()));

        assertThat(none.of(ip(PROXY), List.of("for=198.51.100.1"), List.of("198.51.100.1")))
                .isEqualTo(ip(PROXY));
    }

    @Test
    void proxyWithoutAHeaderIsTheClient() {
        assertThat(xForwardedFor()).isEqualTo(ip(PROXY));
    }

    @Test
    void headersThatContradictEachOtherNameNoClient() {
        assertThat(ADDRESSES.of(ip(PROXY), List.of("for=203.0.113.7"), List.of("198.51.100.1, 203.0.113.7")))
                .isEqualTo(ip("203.0.113.7"));
        assertThat(ADDRESSES.of(ip(PROXY), List.of("for=198.51.100.1"), List.of("203.0.113.7")))
                .isEqualTo(ip(PROXY));
    }

    @Test
    void hopsBeyondTheLimitAreIgnored() {
        String proxies = String.join(", ", Collections.nCopies(ForwardedHops.MAX, "10.0.0.2"));

        assertThat(xForwardedFor("203.0.113.7, " + proxies)).isEqualTo(ip("10.0.0.2"));
        assertThat(forwarded("for=203.0.113.7, " + proxies.replace("10", "for=10")))
                .isEqualTo(ip("10.0.0.2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\a", "a", ",", "for=1.2.3.4,", ";", "\"\",", " "})
    void longHeaderIsParsedWithoutRecursion(String part) {
        String line = part.repeat(60_000 / part.length());

        assertThat(forwarded("for=203.0.113.7;x=\"" + line)).isIn(ip(PROXY), ip("1.2.3.4"));
        assertThat(forwarded(line)).isIn(ip(PROXY), ip("1.2.3.4"));
        assertThat(forwarded("a=b;" + line + "x y")).isIn(ip(PROXY), ip("1.2.3.4"));
        assertThat(xForwardedFor(line)).isIn(ip(PROXY), ip("1.2.3.4"));
    }

    @Property
    void whatAClientSendsDoesNotChangeItsAddressInXForwardedFor(@ForAll String sent) {
        assertThat(xForwardedFor(sent + ", 203.0.113.7")).isEqualTo(ip("203.0.113.7"));
    }

    /** At worst, it is counted with the proxy. */
    @Property
    void clientCannotChooseItsAddressInForwarded(
            @ForAll @Chars({'f', 'o', 'r', '=', '"', ',', ';', '\\', '1', '.', ':', '[', ']', ' '}) String sent,
            @ForAll boolean quoted) {
        String added = quoted ? "for=\"203.0.113.7:80\"" : "for=203.0.113.7";

        assertThat(forwarded("for=198.51.100.1;x=" + sent + ", " + added)).isIn(ip("203.0.113.7"), ip(PROXY));
        assertThat(forwarded("for=198.51.100.1;x=" + sent, added)).isEqualTo(ip("203.0.113.7"));
    }
}
