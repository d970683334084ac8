package dev.herald.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2HeadersDecoder;

import dev.herald.Patience;

/** HTTP/2 connection with hand-written frames, in clear text or over TLS, for malformed requests. */
public final class RawHttp2 implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int CONTINUATION = 9;
    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int HEAD_BYTES = 9;
    private static final int PRIORITY = 0x20;
    private static final int PRIORITY_BYTES = 5;
    private static final int MAX_FRAME_BYTES = 16_384;

    private final Socket socket;
    private final Http2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder();

    /** Connects in clear text. */
    public RawHttp2() throws IOException {
        this(new Socket(), HubClient.port());
    }

    /** @param unconnected socket to connect; over TLS it must negotiate HTTP/2 */
    RawHttp2(Socket unconnected, int port) throws IOException {
        socket = unconnected;
        socket.setSoTimeout((int) Patience.LIMIT.toMillis());
        socket.connect(new InetSocketAddress("localhost", port));
        send(PREFACE.getBytes(StandardCharsets.ISO_8859_1));
        send(frame(SETTINGS, 0, 0, new byte[0]));
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

    /** Encodes a field without indexing (RFC 7541 §6.2.2) or Huffman coding. */
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

    /** Encodes the fields of a request, pseudo-header fields first. */
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

    /** Sends HEADERS and the CONTINUATION frames that it needs. */
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

    /**
     * Reads until the hub answers the stream, resets it, or closes the connection.
     *
     * @return the status of the response, "reset", "goaway" or "closed"
     */
    public String outcome(int stream) throws IOException {
        try {
            while (true) {
                ByteBuffer head = ByteBuffer.wrap(socket.getInputStream().readNBytes(HEAD_BYTES));
                if (head.remaining() < HEAD_BYTES) {
                    return "closed";
                }
                int length = (head.getShort() & 0xffff) << 8 | head.get() & 0xff;
                int type = head.get();
                int flags = head.get();
                int of = head.getInt();
                byte[] payload = socket.getInputStream().readNBytes(length);
                if (type == GOAWAY) {
                    return "goaway";
                }
                String status =
                        type == HEADERS ? status(of, fields(flags, payload)) : type == RST_STREAM ? "reset" : null;
                if (status != null && of == stream) {
                    return status;
                }
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException reset) {
            return "closed";
        }
    }

    /** Skips the stream dependency that Vert.x sends. */
    private static byte[] fields(int flags, byte[] payload) {
        return (flags & PRIORITY) == 0 ? payload : Arrays.copyOfRange(payload, PRIORITY_BYTES, payload.length);
    }

    private String status(int stream, byte[] fields) {
        try {
            return hpack.decodeHeaders(stream, Unpooled.wrappedBuffer(fields))
                    .status()
                    .toString();
        } catch (Http2Exception e) {
            throw new AssertionError("The hub's head is not HPACK.", e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
