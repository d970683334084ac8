package dev.herald.limit;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;

/** Set of the addresses of trusted proxies, as CIDR blocks (RFC 4632 §3.1). Immutable; thread-safe. */
public final class TrustedProxies {
    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    private final List<IpSubnetFilterRule> blocks;

    private TrustedProxies(List<IpSubnetFilterRule> blocks) {
        this.blocks = blocks;
    }

    /** @param blocks each of them {@link #isBlock valid} */
    static TrustedProxies of(List<String> blocks) {
        return new TrustedProxies(
                blocks.stream().map(text -> parse(text).orElseThrow()).toList());
    }

    /** Whether the text is an IP address, or one with the length of a prefix: {@code 10.0.0.0/8}. */
    public static boolean isBlock(String text) {
        return parse(text).isPresent();
    }

    private static Optional<IpSubnetFilterRule> parse(String item) {
        String text = item.strip();
        int slash = text.indexOf('/');
        return IpAddress.parse(slash < 0 ? text : text.substring(0, slash)).flatMap(address -> {
            int bits = address instanceof Inet4Address ? IPV4_BITS : IPV6_BITS;
            int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1));
            return prefix < 0 || prefix > bits
                    ? Optional.empty()
                    : Optional.of(new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT));
        });
    }

    private static int prefix(String digits) {
        return digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : -1;
    }

    boolean isEmpty() {
        return blocks.isEmpty();
    }

    /** Costs O(number of blocks). */
    boolean contains(InetAddress address) {
        InetSocketAddress anyPort = new InetSocketAddress(address, 0);
        for (IpSubnetFilterRule block : blocks) {
            if (block.matches(anyPort)) {
                return true;
            }
        }
        return false;
    }
}
