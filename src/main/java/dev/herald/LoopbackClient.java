package dev.herald;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** HTTP client of the self-check: sends raw requests to a port of this machine. Blocks the calling thread. */
final class LoopbackClient {
    private static final int LIMIT_MILLIS = (int) Duration.ofSeconds(10).toMillis();
    private static final String HEAD_END = "\r\n\r\n";
    private static final int BUFFER_BYTES = 8 << 10;

    private final int port;

    LoopbackClient(int port) {
        this.port = port;
    }

    /**
     * Sends a request, and returns when the head of the response has arrived, or the connection has ended.
     *
     * @param body whether to wait also for a byte after the head
     */
    void send(String request, boolean body) throws IOException {
        try (Socket socket = connect(request)) {
            InputStream in = socket.getInputStream();
            StringBuilder read = new StringBuilder();
            byte[] buffer = new byte[BUFFER_BYTES];
            int head = -1;
            while (head < 0 || body && read.length() <= head + HEAD_END.length()) {
                int count = in.read(buffer);
                if (count < 0) {
                    return;
                }
                read.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
                head = read.indexOf(HEAD_END);
            }
        }
    }

    private Socket connect(String request) throws IOException {
        Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }
}
