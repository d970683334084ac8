package dev.herald.limit;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

import io.netty.util.NetUtil;

/** Parser of IP addresses in text. Resolves no names. */
public final class IpAddress {
    private IpAddress() {}

    /** The address; an IPv6 address that embeds an IPv4 one is that (RFC 4291 §2.5.5). Zones are ignored. */
    public static Optional<InetAddress> parse(String text) {
        byte[] bytes = text == null ? null : NetUtil.createByteArrayFromIpAddressString(text);
        return bytes == null ? Optional.empty() : Optional.of(of(bytes));
    }

    /** @param bytes 4 or 16 */
    static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("An IP address has 4 or 16 bytes, not " + bytes.length + ".", e);
        }
    }
}
