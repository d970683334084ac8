package dev.herald.guarded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;

import dev.herald.web.HubClient;
import dev.herald.web.RawConnection;

/** One raw request to the hub on a new connection, sent exactly as built. Not thread-safe. */
public final class Request {
    /** Path of the hub of Mercure. */
    public static final String MERCURE = "/.well-known/mercure";

    private final StringBuilder head = new StringBuilder();
    private String body = "";

    private Request(String method, String target) {
        head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        header("Host", "localhost:" + HubClient.port());
        header("Connection", "close");
    }

    /** @param target escaped request target, sent unchanged */
    public static Request of(String method, String target) {
        return new Request(method, target);
    }

    public static Request get(String target) {
        return of("GET", target);
    }

    /** Mercure publishing request, still without its form. */
    public static Request publish() {
        return of("POST", MERCURE);
    }

    public Request header(String name, String value) {
        head.append(name).append(": ").append(value).append("\r\n");
        return this;
    }

    public Request bearer(String token) {
        return header("Authorization", "Bearer " + token);
    }

    /** @param namesAndValues names and values, alternating and unescaped */
    public Request form(String... namesAndValues) {
        StringJoiner form = new StringJoiner("&");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            form.add(escaped(namesAndValues[i]) + "=" + escaped(namesAndValues[i + 1]));
        }
        return body("application/x-www-form-urlencoded", form.toString());
    }

    /** @param latin1 one character per byte */
    public Request body(String type, String latin1) {
        body = latin1;
        return header("Content-Type", type).header("Content-Length", Integer.toString(latin1.length()));
    }

    /** Sends it and reads the response, of a stream only the head. */
    public Answer send() {
        try (RawConnection connection = new RawConnection()) {
            return new Answer(connection.send(head + "\r\n" + body).answer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Escapes a text for a query, a form, or a segment of a path. */
    public static String escaped(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
