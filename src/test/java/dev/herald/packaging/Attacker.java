package dev.herald.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.herald.web.RawHttp2;

/**
 * Client that sends a flood from {@value #ADDRESS} until it is closed, at the pace of the flood and no faster. It has a
 * thread of its own, which alone calls its other methods.
 */
final class Attacker implements AutoCloseable {
    private static final String ADDRESS = "127.0.0.66";
    private static final int TIMEOUT_MILLIS = 1_000;
    private static final int LAST_STREAM = 1 << 30;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final URI hub;
    private final Flood flood;
    private final Thread thread = new Thread(this::run, "attacker");
    private final Deque<Socket> kept = new ArrayDeque<>();
    private volatile Socket http2;
    private int stream;
    private volatile boolean closed;
    private volatile long rounds;
    private volatile long failed;
    private volatile long cpuNanos;

    Attacker(URI hub, Flood flood) {
        this.hub = hub;
        this.flood = flood;
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        long period = TimeUnit.SECONDS.toNanos(1) / flood.rounds();
        long next = System.nanoTime();
        while (!closed) {
            try {
                flood.round().send(this);
            } catch (IOException cut) {
                failed++;
                closeHttp2();
            }
            rounds++;
            cpuNanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            // A late round is not made up for.
            next = Math.max(next + period, System.nanoTime() - period);
            for (long left = next - System.nanoTime(); left > 0 && !closed; left = next - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
        while (!kept.isEmpty()) {
            closeQuietly(kept.remove());
        }
        closeHttp2();
    }

    /** A new connection. */
    Socket connect() throws IOException {
        Socket socket = new Socket();
        try {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(ADDRESS, 0));
            socket.connect(new InetSocketAddress(hub.getHost(), hub.getPort()), TIMEOUT_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Keeps a connection open, and closes the oldest one if there are more than that. */
    void keep(Socket socket, int most) {
        kept.add(socket);
        if (kept.size() > most) {
            closeQuietly(kept.remove());
        }
    }

    int kept() {
        return kept.size();
    }

    /** Writes a byte to the connection that was written to longest ago, and forgets it if the hub has closed it. */
    void writeToOldest(byte b) throws IOException {
        Socket oldest = kept.remove();
        try {
            oldest.getOutputStream().write(b);
            kept.add(oldest);
        } catch (IOException cut) {
            oldest.close();
            throw cut;
        }
    }

    /** Connects by HTTP/2 unless it is connected. Returns whether the connection is new. */
    boolean openHttp2() throws IOException {
        if (http2 != null && stream < LAST_STREAM) {
            return false;
        }
        closeHttp2();
        Socket socket = connect();
        http2 = socket;
        stream = 1;
        sendHttp2(PREFACE);
        sendHttp2(RawHttp2.frame(RawHttp2.SETTINGS, 0, 0, new byte[0]));
        return true;
    }

    /** Sends frames, and discards what has arrived. Blocks while the hub does not read. */
    void sendHttp2(byte[] frames) throws IOException {
        Socket socket = http2;
        if (socket == null) {
            throw new IOException("Closed.");
        }
        socket.getOutputStream().write(frames);
        InputStream in = socket.getInputStream();
        in.skipNBytes(in.available());
    }

    /** Number of the next stream after the first one. */
    int nextStream() {
        stream += 2;
        return stream;
    }

    private void closeHttp2() {
        Socket socket = http2;
        http2 = null;
        if (socket != null) {
            closeQuietly(socket);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is closed in any case.
        }
    }

    /** Rounds begun. */
    long rounds() {
        return rounds;
    }

    /** Rounds that the hub has cut, or that could not connect. */
    long failed() {
        return failed;
    }

    /** CPU time of its thread. */
    long cpuNanos() {
        return cpuNanos;
    }

    /** Ends the flood and closes its connections. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            while (thread.isAlive()) {
                // Ends a write that blocks. Its thread may have just connected again.
                closeHttp2();
                thread.join(TIMEOUT_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
