package dev.herald.soak;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import javax.net.ssl.SSLContext;

/** Stream over HTTP/1.1 on its own socket, so that a subscriber can be slow and disconnect at any byte. */
final class Http1Wire implements Wire {
    private static final int TIMEOUT_MILLIS = (int) Duration.ofSeconds(30).toMillis();
    private static final int SMALL_BUFFER = 4_096;
    private static final int GZIP_HEAD_BYTES = 10;

    private final Socket socket;
    private final InputStream in;
    private final int status;
    private final Map<String, String> fields = new HashMap<>();

    /**
     * @param socket of the connection
     * @param in what the hub sends on it, decrypted
     */
    private Http1Wire(Socket socket, InputStream in) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(in);
        String statusLine = line(this.in);
        if (!statusLine.startsWith("HTTP/1.1 ")) {
            throw new EOFException("The connection ended before the head.");
        }
        status = Integer.parseInt(statusLine.substring(9, 12));
        for (String field = line(this.in); !field.isEmpty(); field = line(this.in)) {
            int colon = field.indexOf(':');
            fields.put(
                    field.substring(0, colon).toLowerCase(Locale.ROOT),
                    field.substring(colon + 1).strip());
        }
    }

    /**
     * Opens a stream and reads its head.
     *
     * @param tls for a stream over TLS
     * @param slow whether to use small kernel buffers on this side
     */
    static Http1Wire open(int port, Optional<SSLContext> tls, String target, Map<String, String> headers, boolean slow)
            throws IOException {
        Socket socket = new Socket();
        try {
            if (slow) {
                socket.setReceiveBufferSize(SMALL_BUFFER);
            }
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress("localhost", port), TIMEOUT_MILLIS);
            StringBuilder head = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: localhost:" + port + "\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            // Closing the inner socket cuts a stream over TLS, too, at any byte.
            Socket outer = tls.isPresent()
                    ? tls.get().getSocketFactory().createSocket(socket, "localhost", port, true)
                    : socket;
            outer.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
            return new Http1Wire(socket, outer.getInputStream());
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("The connection ended within a line.");
            }
            line.append((char) b);
        }
        return line.toString().strip();
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(fields.get(name.toLowerCase(Locale.ROOT)))
                .map(value -> new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }

    @Override
    public InputStream body() {
        InputStream chunks = new Chunks(in);
        return header("Content-Encoding").filter("gzip"::equals).isPresent() ? new Gunzipped(chunks) : chunks;
    }

    /** Resets the connection. */
    @Override
    public void close() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Content of the chunks (RFC 9112 §7.1). Fails if the connection ends before the last chunk. */
    private static final class Chunks extends InputStream {
        private final InputStream in;
        private long left;
        private boolean first = true;
        private boolean ended;

        Chunks(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0 && !ended) {
                if (!first) {
                    line(in);
                }
                first = false;
                left = Long.parseLong(line(in), 16);
                ended = left == 0;
            }
            if (ended) {
                return -1;
            }
            int read = in.read(buffer, offset, (int) Math.min(length, left));
            if (read < 0) {
                throw new EOFException("The connection ended within a chunk.");
            }
            left -= read;
            return read;
        }
    }

    /** Content of a gzip member with the shortest header. Unlike the JDK's class it never waits for later bytes. */
    static final class Gunzipped extends InflaterInputStream {
        private boolean headRead;

        Gunzipped(InputStream in) {
            super(in, new Inflater(true));
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (!headRead) {
                in.readNBytes(GZIP_HEAD_BYTES);
                headRead = true;
            }
            return super.read(buffer, offset, length);
        }

        @Override
        public void close() throws IOException {
            inf.end();
            super.close();
        }
    }
}
