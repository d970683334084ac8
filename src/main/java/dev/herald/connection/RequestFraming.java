package dev.herald.connection;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.net.HostAndPort;

/**
 * Validator of the HTTP/1 headers for host and framing (RFC 9112 §3.2, §6). Rejects requests that a proxy in front
 * could frame differently (RFC 9112 §11.2, request smuggling).
 */
final class RequestFraming {
    private static final Pattern ABSOLUTE = Pattern.compile("https?://([^/?#]*)(.*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern CODING = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final String OLD_WEBSOCKET_KEY_1 = "Sec-WebSocket-Key1";
    private static final String OLD_WEBSOCKET_KEY_2 = "Sec-WebSocket-Key2";

    /** Detail of the rejection of the method CONNECT. */
    static final String CONNECT_UNSUPPORTED = "The hub is not a proxy: the method CONNECT is not supported.";

    private RequestFraming() {}

    /**
     * Checks a complete head, and makes an absolute target relative (RFC 9112 §3.2.2).
     *
     * @throws InvalidRequestException if its host or the end of its body is ambiguous
     */
    static void check(HttpRequest request) {
        HttpHeaders headers = request.headers();
        checkTransferCoding(headers, request.protocolVersion());
        // With these, the decoder takes eight bytes of body that no header announces.
        if (headers.contains(OLD_WEBSOCKET_KEY_1) && headers.contains(OLD_WEBSOCKET_KEY_2)) {
            throw InvalidRequestException.badRequest("This version of WebSocket has a body that no header announces.");
        }
        checkHost(headers, request.protocolVersion());
        if (request.method().equals(HttpMethod.CONNECT)) {
            throw new InvalidRequestException(501, CONNECT_UNSUPPORTED);
        }
        checkTarget(request);
    }

    /**
     * Checks that the transfer coding is absent or {@code chunked} alone. A coding after {@code chunked} is a bad
     * request (RFC 9112 §6.3), another one before it is not implemented (§6.1).
     */
    static void checkTransferCoding(HttpHeaders headers, HttpVersion version) {
        if (!headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return;
        }
        List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!version.equals(HttpVersion.HTTP_1_1)) {
            throw InvalidRequestException.badRequest("HTTP/1.0 has no 'Transfer-Encoding': send 'Content-Length'.");
        }
        if (headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            throw twoLengths();
        }
        if (codings.size() == 1 && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.get(0))) {
            return;
        }
        boolean chunked = false;
        for (String coding : String.join(",", codings).split(",", -1)) {
            String name = coding.strip();
            if (chunked || !CODING.matcher(name).matches()) {
                throw InvalidRequestException.badRequest("'Transfer-Encoding' must be 'chunked', once.");
            }
            chunked = HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(name);
        }
        throw new InvalidRequestException(501, "The only supported transfer coding is 'chunked'.");
    }

    static InvalidRequestException twoLengths() {
        return InvalidRequestException.badRequest(
                "The body is framed by 'Transfer-Encoding' and by 'Content-Length': send one of them.");
    }

    private static void checkHost(HttpHeaders headers, HttpVersion version) {
        List<String> hosts = headers.getAll(HttpHeaderNames.HOST);
        if (hosts.isEmpty() && version.equals(HttpVersion.HTTP_1_1)) {
            throw InvalidRequestException.badRequest("The header 'Host' is missing (RFC 9112 §3.2).");
        }
        if (hosts.size() > 1) {
            throw InvalidRequestException.badRequest(
                    "The header 'Host' is given " + hosts.size() + " times: send one.");
        }
        if (hosts.size() == 1 && !isHost(hosts.get(0))) {
            throw InvalidRequestException.badRequest("The header 'Host' is not 'name' or 'name:port' (RFC 9112 §3.2).");
        }
    }

    /**
     * Whether the text is a host with or without a port. User information, a list and an empty text are invalid. An
     * escaped name, which RFC 3986 allows and DNS does not, is invalid, too: {@link RequestTarget} escapes invalid
     * characters.
     */
    static boolean isHost(String authority) {
        return !authority.isEmpty()
                && !authority.startsWith(":")
                && authority.indexOf('%') < 0
                && HostAndPort.parseAuthority(authority, -1) != null;
    }

    private static void checkTarget(HttpRequest request) {
        String target = request.uri();
        if (!target.startsWith("/") && !(target.equals("*") && request.method().equals(HttpMethod.OPTIONS))) {
            makeRelative(request, target);
        }
        if (!RequestTarget.isUri(request.uri())) {
            throw InvalidRequestException.badRequest(
                    "The target of the request is not a URL: it begins with '//' and names no host, or has two '#'.");
        }
    }

    private static void makeRelative(HttpRequest request, String target) {
        Matcher absolute = ABSOLUTE.matcher(target);
        if (!absolute.matches() || !isHost(absolute.group(1))) {
            throw InvalidRequestException.badRequest(
                    "The target of the request is neither a path nor an absolute URL.");
        }
        request.headers().set(HttpHeaderNames.HOST, absolute.group(1));
        request.setUri(absolute.group(2).startsWith("/") ? absolute.group(2) : "/" + absolute.group(2));
    }
}
