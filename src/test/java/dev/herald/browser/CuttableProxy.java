package dev.herald.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Cuttable TCP proxy between a browser and the hub: a port that forwards bytes, drops every connection, or responds
 * like a gateway without its hub. Thread-safe; ends with {@link #close}.
 */
public final class CuttableProxy implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final ServerSocket door;
    private final int hubPort;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger rejected = new AtomicInteger();
    private volatile Mode mode = new Mode.Pass();

    /** Opens a forwarding proxy of a port of this machine. */
    public CuttableProxy(int hubPort) throws IOException {
        this.hubPort = hubPort;
        this.door = new ServerSocket(0, 0, HERE);
        start(this::accept);
    }

    /** Address of the page through this proxy. */
    public String page() {
        return origin() + "/";
    }

    /** Origin of this proxy. */
    public String origin() {
        return "http://localhost:" + door.getLocalPort();
    }

    /** Closes all connections, and each new one at once. */
    public void cut() {
        become(new Mode.Drop());
    }

    /** Closes all connections, and answers each later request with this status. */
    public void answer(int status) {
        become(new Mode.Answer(status));
    }

    /** Forwards new connections again. */
    public void restore() {
        become(new Mode.Pass());
    }

    /** Forwards new connections again, but closes each after this many bytes from the hub. */
    void restoreTruncating(int bytesOfEach) {
        become(new Mode.PassSome(bytesOfEach));
    }

    /** Number of connections dropped, answered or truncated since its last change. */
    public int rejected() {
        return rejected.get();
    }

    @Override
    public void close() throws IOException {
        door.close();
        open.forEach(CuttableProxy::hangUp);
    }

    private void become(Mode next) {
        rejected.set(0);
        mode = next;
        open.forEach(CuttableProxy::hangUp);
    }

    private void accept() throws IOException {
        while (true) {
            Socket browser = door.accept();
            open.add(browser);
            start(() -> serve(browser));
        }
    }

    private void serve(Socket browser) throws IOException {
        try (browser) {
            Mode now = mode;
            if (now instanceof Mode.Pass) {
                pass(browser);
                return;
            }
            if (now instanceof Mode.PassSome some) {
                passSome(browser, some.bytes());
            } else if (now instanceof Mode.Answer answer) {
                answer(browser, answer.status());
            }
            rejected.incrementAndGet();
        } finally {
            open.remove(browser);
        }
    }

    private void pass(Socket browser) throws IOException {
        try (Socket hub = new Socket(HERE, hubPort)) {
            start(() -> copy(hub, browser));
            copy(browser, hub);
        }
    }

    private void passSome(Socket browser, int bytes) throws IOException {
        try (Socket hub = new Socket(HERE, hubPort)) {
            start(() -> copy(browser, hub));
            byte[] buffer = new byte[4_096];
            int left = bytes;
            while (left > 0) {
                int read = hub.getInputStream().read(buffer, 0, Math.min(left, buffer.length));
                if (read < 0) {
                    return;
                }
                browser.getOutputStream().write(buffer, 0, read);
                left -= read;
            }
        }
    }

    /** Forwards until either end closes; then closes the other. */
    private static void copy(Socket from, Socket to) throws IOException {
        try (to) {
            from.getInputStream().transferTo(to.getOutputStream());
        }
    }

    private static void answer(Socket browser, int status) throws IOException {
        awaitEndOfHead(browser.getInputStream());
        String answer = "HTTP/1.1 " + status + " Away\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        browser.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        browser.shutdownOutput();
    }

    private static void awaitEndOfHead(InputStream in) throws IOException {
        String head = "";
        for (int next = in.read();
                next >= 0 && !head.endsWith("\r\n\r\n");
                next = in.available() > 0 ? in.read() : -1) {
            head += (char) next;
        }
    }

    private static void hangUp(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException connectionEnded) {
                // Closed by the test or by one of its ends.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Treatment of connections. */
    private sealed interface Mode {
        record Pass() implements Mode {}

        record PassSome(int bytes) implements Mode {}

        record Drop() implements Mode {}

        record Answer(int status) implements Mode {}
    }

    private interface Task {
        void run() throws IOException;
    }
}
