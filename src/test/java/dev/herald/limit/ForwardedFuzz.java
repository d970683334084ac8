package dev.herald.limit;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

import dev.herald.fuzz.FuzzInput;
import dev.herald.fuzz.FuzzTarget;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code Forwarded}, {@code X-Forwarded-For} and CIDR blocks: no text of a client changes what a proxy adds behind it. */
public final class ForwardedFuzz implements FuzzTarget {
    private static final InetAddress PROXY = IpAddress.parse("10.0.0.1").orElseThrow();
    private static final InetAddress CLIENT = IpAddress.parse("203.0.113.7").orElseThrow();

    private final ClientAddresses addresses = new ClientAddresses(TrustedProxies.of(List.of("10.0.0.0/8", "fd00::/8")));

    @Override
    public void run(FuzzInput input) {
        List<String> lines = input.latin1Lines();
        String last = lines.get(lines.size() - 1);

        assertThat(ForwardedHops.forwarded(lines)).hasSizeLessThanOrEqualTo(ForwardedHops.MAX);
        assertThat(ForwardedHops.xForwardedFor(lines)).hasSizeLessThanOrEqualTo(ForwardedHops.MAX);
        addresses.of(PROXY, lines, lines);
        addresses.of(PROXY, lines, List.of());
        assertThat(addresses.of(CLIENT, lines, lines)).isEqualTo(CLIENT);
        // The proxy appends to the line, or adds one.
        assertThat(addresses.of(PROXY, List.of(), replaced(lines, last + ", 203.0.113.7")))
                .isEqualTo(CLIENT);
        assertThat(addresses.of(PROXY, replaced(lines, last + ", for=203.0.113.7"), List.of()))
                .isIn(CLIENT, PROXY);
        List<String> more = new ArrayList<>(lines);
        more.add("for=\"203.0.113.7:80\"");
        assertThat(addresses.of(PROXY, more, List.of())).isEqualTo(CLIENT);
        blocks(last);
    }

    private static List<String> replaced(List<String> lines, String last) {
        List<String> all = new ArrayList<>(lines);
        all.set(all.size() - 1, last);
        return all;
    }

    private static void blocks(String text) {
        if (TrustedProxies.isBlock(text)) {
            TrustedProxies block = TrustedProxies.of(List.of(text));
            assertThat(block.isEmpty()).isFalse();
            String address = text.strip().split("/")[0];
            assertThat(block.contains(IpAddress.parse(address).orElseThrow())).isTrue();
        }
    }
}
