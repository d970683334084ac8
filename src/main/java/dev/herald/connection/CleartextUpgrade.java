package dev.herald.connection;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * Validator of a request's wish to upgrade to HTTP/2 in clear text (RFC 7540 §3.2). Vert.x answers an invalid wish with
 * a bare 400. A server may ignore any wish, and then serves the request over HTTP/1.1.
 */
final class CleartextUpgrade {
    private static final String SETTINGS = "HTTP2-Settings";
    private static final String UPGRADE = "upgrade";

    private CleartextUpgrade() {}

    /** Whether the header {@code Upgrade} may stay: with settings that Vert.x accepts, once, and named as it expects. */
    static boolean isValid(HttpHeaders headers) {
        List<String> settings = headers.getAll(SETTINGS);
        return settings.size() == 1 && isNamed(headers.get(HttpHeaderNames.CONNECTION)) && areValid(settings.get(0));
    }

    /** Whether the first header {@code Connection}, the only one that Vert.x reads, names both headers. */
    private static boolean isNamed(String connection) {
        if (connection == null) {
            return false;
        }
        List<String> names =
                Arrays.stream(connection.split(",")).map(String::strip).toList();
        return names.stream().anyMatch(UPGRADE::equalsIgnoreCase)
                && names.stream().anyMatch(SETTINGS::equalsIgnoreCase);
    }

    /** Whether the text is the content of a SETTINGS frame (RFC 9113 §6.5.1). */
    private static boolean areValid(String base64) {
        try {
            ByteBuffer content = ByteBuffer.wrap(Base64.getUrlDecoder().decode(base64));
            Http2Settings settings = new Http2Settings();
            while (content.hasRemaining()) {
                settings.put((char) content.getShort(), Long.valueOf(Integer.toUnsignedLong(content.getInt())));
            }
            return true;
        } catch (IllegalArgumentException | BufferUnderflowException invalid) {
            return false;
        }
    }
}
