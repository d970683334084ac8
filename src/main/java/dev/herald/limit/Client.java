package dev.herald.limit;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Client as limits count it. The keys have at most {@value #MAX_KEY} characters, whatever the client sends.
 *
 * @param subject key of its token's subject, if it has one
 * @param network key of its address: all 32 bits of IPv4, the first 64 of IPv6, since a host has that many at least
 */
public record Client(Optional<String> subject, String network) {
    /** Longest key, in characters. */
    static final int MAX_KEY = 65;

    private static final int IPV4_BYTES = 4;
    private static final int IPV6_BYTES = 8;

    /** @param subject claim {@code sub} of its token */
    public static Client of(Optional<String> subject, InetAddress address) {
        return new Client(subject.map(Client::subject), network(address));
    }

    /** A long subject is replaced by its digest. The first character keeps the two kinds apart. */
    private static String subject(String sub) {
        return sub.length() < MAX_KEY ? "=" + sub : "#" + digest(sub);
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256.", e);
        }
    }

    static String network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return HexFormat.of().formatHex(bytes, 0, bytes.length == IPV4_BYTES ? IPV4_BYTES : IPV6_BYTES);
    }
}
