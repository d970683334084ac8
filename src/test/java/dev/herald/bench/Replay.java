package dev.herald.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.herald.Patience;

/**
 * Replay of a whole topic by one subscriber at full speed.
 *
 * @param bytes bytes received, including the framing of events and chunks
 * @param seconds from the request to the last event
 */
record Replay(long bytes, double seconds) {
    private static final int BUFFER_BYTES = 256 << 10;

    /** Heartbeats would let a reader wait forever. */
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    /** Reads all messages; this many must arrive, each once and in order. */
    static Replay all(Server hub, String topic, long messages, int publishers) throws IOException {
        MessageCounter counter = new MessageCounter(publishers);
        Replay replay = read(hub, topic, messages, counter);
        if (counter.delivered() != messages) {
            throw new AssertionError("There are " + messages + " messages of " + topic + ": " + counter);
        }
        return replay;
    }

    /** Reads at least this many messages and disconnects. */
    static Replay first(Server hub, String topic, long messages, int publishers) throws IOException {
        return read(hub, topic, messages, new MessageCounter(publishers));
    }

    private static Replay read(Server hub, String topic, long messages, MessageCounter counter) throws IOException {
        byte[] buffer = new byte[Marker.BYTES + BUFFER_BYTES];
        StreamScanner scanner = new StreamScanner();
        long bytes = 0;
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) Patience.LIMIT.toMillis());
            socket.connect(hub.address());
            InputStream in = socket.getInputStream();
            String request = "GET /SSE?topic=" + topic + "&lastEventID=earliest HTTP/1.1\r\nHost: bench\r\n\r\n";
            long begin = System.nanoTime();
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            while (counter.delivered() < messages) {
                if (System.nanoTime() - begin > DEADLINE.toNanos()) {
                    throw new AssertionError("The stream of " + topic + " does not come to its end: " + counter);
                }
                int before = scanner.restore(buffer);
                int read = in.read(buffer, before, BUFFER_BYTES);
                if (read < 0) {
                    throw new EOFException("The stream of " + topic + " ended: " + counter);
                }
                bytes += read;
                scanner.scan(buffer, before + read, (nanos, publisher, number) -> counter.count(publisher, number));
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (counter.faults() > 0) {
                throw new AssertionError("The stream of " + topic + ": " + counter);
            }
            return new Replay(bytes, seconds);
        }
    }

    double megabytesASecond() {
        return bytes / 1e6 / seconds;
    }
}
