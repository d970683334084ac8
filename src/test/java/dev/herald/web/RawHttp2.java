package dev.herald.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersDecoder;

import dev.herald.Patience;

import static org.assertj.core.api.Assertions.assertThat;

/** HTTP/2 connection with hand-written frames, in clear text or over TLS, for malformed requests. */
public final class RawHttp2 implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;
    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int HEAD_BYTES = 9;
    private static final int PRIORITY = 0x20;
    private static final int PRIORITY_BYTES = 5;
    private static final int MAX_FRAME_BYTES = 16_384;
    private static final int ACK = 1;
    private static final int PING_BYTES = 8;
    private static final int CANCEL = 8;
    private static final short HEADER_TABLE_SIZE = 1;
    private static final short INITIAL_WINDOW_SIZE = 4;

    private final Socket socket;
    private final Http2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder();

    /** By the number of their stream, as the next two. */
    private final Map<Integer, String> contents = new HashMap<>();

    private final Map<Integer, Http2Headers> heads = new HashMap<>();
    private final Set<Integer> complete = new HashSet<>();

    /** In clear text. */
    public RawHttp2() throws IOException {
        this(new Socket(), HubClient.port(), "");
    }

    /**
     * @param unconnected by which the connection is made; over TLS it must agree on HTTP/2
     * @param upgrade request in HTTP/1.1 that asks for HTTP/2 and becomes stream 1, or nothing
     */
    private RawHttp2(Socket unconnected, int port, String upgrade) throws IOException {
        socket = unconnected;
        socket.setSoTimeout((int) Patience.LIMIT.toMillis());
        socket.connect(new InetSocketAddress("localhost", port));
        if (!upgrade.isEmpty()) {
            send(upgrade.getBytes(StandardCharsets.ISO_8859_1));
            readSwitch();
        }
        send(PREFACE.getBytes(StandardCharsets.ISO_8859_1));
        send(frame(SETTINGS, 0, 0, new byte[0]));
    }

    /** In clear text, or over TLS. */
    static RawHttp2 connect(Http2Test.Transport transport) throws Exception {
        if (transport == Http2Test.Transport.CLEAR_TEXT) {
            return new RawHttp2();
        }
        SSLSocket socket = (SSLSocket) TlsProfile.trusting().getSocketFactory().createSocket();
        SSLParameters http2 = socket.getSSLParameters();
        http2.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(http2);
        return new RawHttp2(socket, transport.options().getDefaultPort(), "");
    }

    /** In clear text, begun in HTTP/1.1 by a GET that becomes stream 1 (RFC 7540 §3.2). */
    static RawHttp2 upgrade(String path) throws IOException {
        return new RawHttp2(
                new Socket(),
                HubClient.port(),
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                        + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n");
    }

    private void readSwitch() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as("after %s", head).isNotNegative();
            head.append((char) next);
        }
        assertThat(head).startsWith("HTTP/1.1 101 ");
    }

    public RawHttp2 send(byte[] frames) throws IOException {
        socket.getOutputStream().write(frames);
        socket.getOutputStream().flush();
        return this;
    }

    /** RFC 9113 §4.1. */
    public static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(HEAD_BYTES + payload.length)
                .put((byte) (payload.length >> 16))
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** Literal header field without indexing (RFC 7541 §6.2.2), without Huffman coding. */
    public static byte[] field(String name, String value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        write(out, name);
        write(out, value);
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, String text) {
        int left = text.length();
        if (left < 0x7f) {
            out.write(left);
        } else {
            out.write(0x7f);
            for (left -= 0x7f; left >= 0x80; left >>= 7) {
                out.write(left & 0x7f | 0x80);
            }
            out.write(left);
        }
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The fields of a request, those of HTTP/2 itself first. */
    public static byte[] request(String method, String path, String... namesAndValues) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(field(":method", method));
        out.writeBytes(field(":scheme", "http"));
        out.writeBytes(field(":path", path));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.writeBytes(field(namesAndValues[i], namesAndValues[i + 1]));
        }
        return out.toByteArray();
    }

    /** HEADERS, with CONTINUATION frames if the block is too large for one frame. */
    public static byte[] headers(int stream, boolean endsStream, byte[] fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int from = 0;
        do {
            int to = Math.min(fields.length, from + MAX_FRAME_BYTES);
            int flags = (from == 0 && endsStream ? END_STREAM : 0) | (to == fields.length ? END_HEADERS : 0);
            byte[] part = Arrays.copyOfRange(fields, from, to);
            out.writeBytes(frame(from == 0 ? HEADERS : CONTINUATION, flags, stream, part));
            from = to;
        } while (from < fields.length);
        return out.toByteArray();
    }

    /** RFC 9113 §6.4, with the error code CANCEL, as browsers send it. */
    static byte[] reset(int stream) {
        return frame(
                RST_STREAM,
                0,
                stream,
                ByteBuffer.allocate(Integer.BYTES).putInt(CANCEL).array());
    }

    /** SETTINGS_HEADER_TABLE_SIZE of this size, in bytes, for the hub and for this decoder (RFC 7541 §4.2). */
    byte[] headerTable(int bytes) throws Http2Exception {
        hpack.configuration().maxHeaderTableSize(bytes);
        return frame(
                SETTINGS,
                0,
                0,
                ByteBuffer.allocate(Short.BYTES + Integer.BYTES)
                        .putShort(HEADER_TABLE_SIZE)
                        .putInt(bytes)
                        .array());
    }

    /** Size of that table as the hub has chosen it. */
    long headerTableBytes() {
        return hpack.configuration().maxHeaderTableSize();
    }

    static byte[] data(int stream, boolean endsStream, String text) {
        return frame(DATA, endsStream ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sets how many bytes of an answer the hub may send on a stream that is not opened yet (RFC 9113 §6.5.2). */
    static byte[] initialWindow(int bytes) {
        return frame(
                SETTINGS,
                0,
                0,
                ByteBuffer.allocate(Short.BYTES + Integer.BYTES)
                        .putShort(INITIAL_WINDOW_SIZE)
                        .putInt(bytes)
                        .array());
    }

    /** WINDOW_UPDATE: allows the hub to send more bytes on a stream (RFC 9113 §6.9). */
    static byte[] windowUpdate(int stream, int bytes) {
        return frame(
                WINDOW_UPDATE,
                0,
                stream,
                ByteBuffer.allocate(Integer.BYTES).putInt(bytes).array());
    }

    /**
     * Reads until the hub has answered the stream, has reset it, or has ended the connection.
     *
     * @return the status of the answer, "reset", "goaway" or "closed"
     */
    public String outcome(int stream) throws IOException {
        return read(frame -> frame.stream() != stream
                ? null
                : frame.type() == HEADERS ? frame.status() : frame.type() == RST_STREAM ? "reset" : null);
    }

    /**
     * Reads until the answer of a stream is complete, or until {@link #outcome} reports its end.
     *
     * @return the answer as HTTP/1.1 would have it; "reset", "goaway" or "closed" without an answer
     */
    String answer(int stream) throws IOException {
        String end = read(frame -> complete.contains(stream)
                ? "complete"
                : frame.stream() == stream && frame.type() == RST_STREAM ? "reset" : null);
        if (!end.equals("complete")) {
            return end;
        }
        StringBuilder answer = new StringBuilder("HTTP/2 " + heads.get(stream).status() + "\r\n");
        heads.get(stream).forEach(field -> answer.append(field.getKey())
                .append(": ")
                .append(field.getValue())
                .append("\r\n"));
        return answer.append("\r\n").append(contentOf(stream)).toString();
    }

    /** Sends a ping and reads until it is answered: "pong", "goaway" or "closed". */
    String ping() throws IOException {
        try {
            send(frame(PING, 0, 0, new byte[PING_BYTES]));
        } catch (IOException ended) {
            return "closed";
        }
        return read(frame -> frame.type() == PING && (frame.flags() & ACK) != 0 ? "pong" : null);
    }

    /** Reads until the content of a stream, from its beginning, contains the text: the text, "goaway" or "closed". */
    String content(int stream, String text) throws IOException {
        return contentOf(stream).contains(text)
                ? text
                : read(frame -> contentOf(stream).contains(text) ? text : null);
    }

    private String contentOf(int stream) {
        return contents.getOrDefault(stream, "");
    }

    private String read(Function<Frame, String> found) throws IOException {
        try {
            while (true) {
                Frame frame = next();
                if (frame == null) {
                    return "closed";
                }
                if (frame.type() == GOAWAY) {
                    return "goaway";
                }
                String result = found.apply(frame);
                if (result != null) {
                    return result;
                }
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException reset) {
            return "closed";
        }
    }

    /** Returns null at the end of the connection. */
    private Frame next() throws IOException {
        ByteBuffer head = ByteBuffer.wrap(socket.getInputStream().readNBytes(HEAD_BYTES));
        if (head.remaining() < HEAD_BYTES) {
            return null;
        }
        int length = (head.getShort() & 0xffff) << 8 | head.get() & 0xff;
        int type = head.get();
        int flags = head.get();
        int stream = head.getInt();
        byte[] payload = socket.getInputStream().readNBytes(length);
        if (type == DATA) {
            contents.merge(stream, new String(payload, StandardCharsets.UTF_8), String::concat);
        }
        if (type <= HEADERS && (flags & END_STREAM) != 0) {
            complete.add(stream);
        }
        return new Frame(type, flags, stream, type == HEADERS ? status(stream, fields(flags, payload)) : null);
    }

    /** Field block fragment of HEADERS, without the priority that Vert.x adds (RFC 9113 §6.2). */
    private static byte[] fields(int flags, byte[] payload) {
        return (flags & PRIORITY) == 0 ? payload : Arrays.copyOfRange(payload, PRIORITY_BYTES, payload.length);
    }

    private String status(int stream, byte[] fields) {
        try {
            Http2Headers head = hpack.decodeHeaders(stream, Unpooled.wrappedBuffer(fields));
            heads.put(stream, head);
            return head.status().toString();
        } catch (Http2Exception e) {
            throw new AssertionError("The hub's head is not HPACK.", e);
        }
    }

    /** @param status of HEADERS, null for others */
    private record Frame(int type, int flags, int stream, String status) {}

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
