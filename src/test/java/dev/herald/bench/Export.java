package dev.herald.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import dev.herald.Patience;

/**
 * Export of past events as lines by one client at full speed.
 *
 * @param bytes bytes received, including the framing of chunks
 * @param seconds from the request to the last line
 */
record Export(long bytes, double seconds) {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final String END = "\"gap\":false}\n\r\n0\r\n\r\n";

    /** Begins each object of an event. */
    private static final byte[] EVENT = "{\"id\":\"".getBytes(StandardCharsets.US_ASCII);

    /** Reads all events; this many must arrive, and the last line. */
    static Export all(Server hub, String topic, long events) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        String end = "";
        long found = 0;
        int matched = 0;
        long bytes = 0;
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) Patience.LIMIT.toMillis());
            socket.connect(hub.address());
            InputStream in = socket.getInputStream();
            String request = "GET /updates?topic=" + topic + "&since=earliest HTTP/1.1\r\nHost: bench\r\n"
                    + "Accept: application/x-ndjson\r\n\r\n";
            long begin = System.nanoTime();
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            while (!end.endsWith(END)) {
                int read = in.read(buffer);
                if (read < 0) {
                    throw new EOFException("The export ended after " + found + " events.");
                }
                bytes += read;
                for (int i = 0; i < read; i++) {
                    matched = buffer[i] == EVENT[matched] ? matched + 1 : buffer[i] == EVENT[0] ? 1 : 0;
                    if (matched == EVENT.length) {
                        found++;
                        matched = 0;
                    }
                }
                int tail = Math.min(read, END.length());
                end += new String(buffer, read - tail, tail, StandardCharsets.ISO_8859_1);
                end = end.substring(Math.max(0, end.length() - END.length()));
            }
            if (found != events) {
                throw new AssertionError("There are " + events + " events, but " + found + " were exported.");
            }
            return new Export(bytes, (System.nanoTime() - begin) / 1e9);
        }
    }

    double megabytesASecond() {
        return bytes / 1e6 / seconds;
    }
}
