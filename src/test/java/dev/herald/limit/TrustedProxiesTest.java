package dev.herald.limit;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the blocks of trusted proxies. */
class TrustedProxiesTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "10.0.0.1, 10.0.0.1, true",
        "10.0.0.1, 10.0.0.2, false",
        "10.0.0.0/31, 10.0.0.1, true",
        "10.0.0.0/31, 10.0.0.2, false",
        "0.0.0.0/0, 203.0.113.7, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "fd00::/8, fdff::1, true",
        "fd00::/8, fe00::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::/0, 2001:db8::1, true",
        "::1, ::1, true",
        "127.0.0.1, ::ffff:127.0.0.1, true",
        "::ffff:127.0.0.1, 127.0.0.1, true",
    })
    void blockContainsTheAddressesWithItsPrefix(String block, String address, boolean contains) {
        TrustedProxies proxies = TrustedProxies.of(List.of("192.0.2.1", block));

        assertThat(proxies.contains(IpAddress.parse(address).orElseThrow())).isEqualTo(contains);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/08x",
                "10.0.0/8",
                "10.0.0.0/8/8",
                "10.0.0.0 /8",
                "fd00::/129",
                "localhost",
                "proxy.example",
                "*",
                "10.0.0.0/255.0.0.0",
                "[::1]:80",
                "::ffff:10.0.0.0/104"
            })
    void textThatIsNoBlockIsRejectedWithoutANameLookUp(String text) {
        assertThat(TrustedProxies.isBlock(text)).isFalse();
    }

    @Test
    void noneContainsNothing() {
        assertThat(TrustedProxies.of(List.of())
                        .contains(IpAddress.parse("127.0.0.1").orElseThrow()))
                .isFalse();
    }
}
