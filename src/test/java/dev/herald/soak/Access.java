package dev.herald.soak;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Ways to the hub, in clear text and over TLS. Thread-safe.
 *
 * @param trust trusts the hub's certificate
 * @param http2 client whose streams share one connection, and another one over TLS
 */
record Access(int port, int tlsPort, SSLContext trust, HttpClient http2) {
    Access(int port, int tlsPort, SSLContext trust) {
        this(port, tlsPort, trust, client(HttpClient.Version.HTTP_2, trust));
    }

    private static HttpClient client(HttpClient.Version version, SSLContext trust) {
        return HttpClient.newBuilder().version(version).sslContext(trust).build();
    }

    /** A client with connections of its own. */
    HttpClient client(HttpClient.Version version) {
        return client(version, trust);
    }

    /** @param target path and query */
    URI address(boolean tls, String target) {
        return URI.create((tls ? "https" : "http") + "://localhost:" + (tls ? tlsPort : port) + target);
    }

    /** Opens a stream and reads its head. */
    Wire open(Kind.Transport transport, String target, Map<String, String> headers)
            throws IOException, InterruptedException {
        if (transport.http2()) {
            return Http2Wire.open(http2, address(transport.tls(), target), headers);
        }
        return transport.tls()
                ? Http1Wire.open(tlsPort, Optional.of(trust), target, headers, false)
                : Http1Wire.open(port, Optional.empty(), target, headers, transport == Kind.Transport.SLOW);
    }

    /** Opens a stream over HTTP/1.1 in clear text and reads its head. */
    Wire open(String target, Map<String, String> headers) throws IOException, InterruptedException {
        return open(Kind.Transport.HTTP_1, target, headers);
    }
}
