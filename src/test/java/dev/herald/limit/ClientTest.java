package dev.herald.limit;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of which clients are counted as one. */
class ClientTest {
    private static String network(String address) {
        return Client.of(Optional.empty(), IpAddress.parse(address).orElseThrow())
                .network();
    }

    private static String subject(String sub) {
        return Client.of(Optional.of(sub), IpAddress.parse("192.0.2.1").orElseThrow())
                .subject()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "192.0.2.1, ::ffff:192.0.2.1, true",
        "192.0.2.1, ::ffff:c000:201, true",
        "192.0.2.1, ::192.0.2.1, true",
        "2001:db8:0:1::1, 2001:db8:0:1:ffff:ffff:ffff:ffff, true",
        "2001:db8:0:1::1, 2001:0DB8::1:0:0:0:2, true",
        "2001:db8:0:1::1, 2001:db8:0:2::1, false",
        "fe80::1%eth0, fe80::2%3, true",
        "192.0.2.1, c000:201::, false"
    })
    void addressCountsByAllOfIpv4AndTheFirst64BitsOfIpv6(String one, String another, boolean same) {
        assertThat(network(one).equals(network(another))).isEqualTo(same);
    }

    @Test
    void keyOfASubjectIsBoundedAndStaysDistinct() {
        String longest = "s".repeat(Client.MAX_KEY - 1);
        String tooLong = "s".repeat(50_000);

        assertThat(subject(longest)).hasSizeLessThanOrEqualTo(Client.MAX_KEY);
        assertThat(subject(tooLong))
                .hasSizeLessThanOrEqualTo(Client.MAX_KEY)
                .isNotEqualTo(subject(tooLong + "s"))
                .isEqualTo(subject(tooLong))
                .isNotEqualTo(subject(subject(tooLong)));
    }
}
