package dev.herald.browser;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * Cuttable TCP proxy between a browser and the hub: a port that forwards bytes, drops every connection, or responds
 * like a gateway without its hub. Thread-safe; ends with {@link #close}.
 */
public final class CuttableProxy implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();
    private static final Pattern CODINGS = Pattern.compile("(?im)^accept-encoding:.*\\R");

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

    /**
     * Closes all connections, and then the next one that forwards this text from the hub, right after the text. Then it
     * forwards all again. No response is compressed meanwhile.
     *
     * @param text in ASCII, with a first character that does not recur in it
     */
    public void cutWithin(String text) {
        become(new Mode.CutWithin(text));
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
            if (now instanceof Mode.CutWithin cut) {
                passThrough(browser, cut.text());
                mode = new Mode.Pass();
            } else if (now instanceof Mode.PassSome some) {
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

    /** Forwards a request without its codings, and then the response through the end of the text. */
    private void passThrough(Socket browser, String text) throws IOException {
        try (Socket hub = new Socket(HERE, hubPort)) {
            start(() -> {
                String head = readHead(browser.getInputStream());
                hub.getOutputStream().write(CODINGS.matcher(head).replaceAll("").getBytes(StandardCharsets.ISO_8859_1));
                copy(browser, hub);
            });
            InputStream in = new BufferedInputStream(hub.getInputStream());
            OutputStream out = new BufferedOutputStream(browser.getOutputStream());
            for (int found = 0; found < text.length(); ) {
                int next = in.read();
                if (next < 0) {
                    throw new EOFException("The hub has closed the connection.");
                }
                out.write(next);
                found = next == text.charAt(found) ? found + 1 : next == text.charAt(0) ? 1 : 0;
                if (found == text.length() || in.available() == 0) {
                    out.flush();
                }
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
        readHead(browser.getInputStream());
        String answer = "HTTP/1.1 " + status + " Away\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        browser.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        browser.shutdownOutput();
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
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

        record CutWithin(String text) implements Mode {}

        record Drop() implements Mode {}

        record Answer(int status) implements Mode {}
    }

    private interface Task {
        void run() throws IOException;
    }
}
