package dev.herald.packaging;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Raw HTTP/1.1 client for many concurrent requests, each on its own connection and thread. */
final class RawHttp {
    private static final Duration DEADLINE = Duration.ofSeconds(120);
    private static final int STATUS_LINE_BYTES = "HTTP/1.1 200".length();

    private RawHttp() {}

    /** POST with optional further header fields, each with its line end. */
    static byte[] post(String path, String contentType, String fields, byte[] body) {
        return concat(
                head(
                        "POST",
                        path,
                        fields + "Content-Type: " + contentType + "\r\nContent-Length: " + body.length + "\r\n"),
                body);
    }

    /** POST of a text body in UTF-8. */
    static byte[] post(String path, String contentType, String fields, String body) {
        return post(path, contentType, fields, body.getBytes(StandardCharsets.UTF_8));
    }

    /** POST in chunks of one byte. */
    static byte[] postInChunks(String path, String contentType, String body) {
        String chunks = body.chars()
                .mapToObj(c -> "1\r\n" + (char) c + "\r\n")
                .collect(Collectors.joining("", "", "0\r\n\r\n"));
        return concat(
                head("POST", path, "Content-Type: " + contentType + "\r\nTransfer-Encoding: chunked\r\n"),
                chunks.getBytes(StandardCharsets.US_ASCII));
    }

    /** GET with optional further header fields, each with its line end. */
    static byte[] get(String path, String fields) {
        return head("GET", path, fields);
    }

    private static byte[] head(String method, String path, String fields) {
        return (method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + fields + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] concat(byte[] one, byte[] other) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(one.length + other.length);
        all.writeBytes(one);
        all.writeBytes(other);
        return all.toByteArray();
    }

    /** Status of the response to one request. */
    static int status(URI hub, byte[] request) throws IOException {
        try (Socket socket = connect(hub);
                InputStream in = new BufferedInputStream(socket.getInputStream())) {
            Optional<IOException> broken = send(socket.getOutputStream(), request);
            return status(in, broken);
        }
    }

    private static int status(InputStream in, Optional<IOException> broken) throws IOException {
        byte[] line = in.readNBytes(STATUS_LINE_BYTES);
        if (line.length < STATUS_LINE_BYTES) {
            throw new IOException("The connection ended without an answer.", broken.orElse(null));
        }
        return Integer.parseInt(new String(line, STATUS_LINE_BYTES - 3, 3, StandardCharsets.US_ASCII));
    }

    /** A hub that responds early may not read the rest. */
    private static Optional<IOException> send(OutputStream out, byte[] request) {
        try {
            out.write(request);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    /** Sends this many concurrent requests and returns the count of each status. */
    static Map<Integer, Integer> statuses(URI hub, int count, IntFunction<byte[]> request) throws Exception {
        Map<Integer, Integer> statuses = new TreeMap<>();
        for (Integer status : atOnce(count, i -> () -> status(hub, request.apply(i)))) {
            statuses.merge(status, 1, Integer::sum);
        }
        return statuses;
    }

    /** Sends this many concurrent requests and reads only the status of each response. The caller closes them. */
    static Unread unread(URI hub, int count, IntFunction<byte[]> request) throws Exception {
        List<Socket> sockets = new ArrayList<>();
        Map<Integer, Integer> statuses = new TreeMap<>();
        for (Map.Entry<Socket, Integer> one : atOnce(count, i -> () -> unread(hub, request.apply(i)))) {
            sockets.add(one.getKey());
            statuses.merge(one.getValue(), 1, Integer::sum);
        }
        return new Unread(sockets, statuses);
    }

    private static Map.Entry<Socket, Integer> unread(URI hub, byte[] request) throws IOException {
        Socket socket = connect(hub);
        Optional<IOException> broken = send(socket.getOutputStream(), request);
        return Map.entry(socket, status(socket.getInputStream(), broken));
    }

    /** Runs a task this many times concurrently. */
    static <T> List<T> atOnce(int count, IntFunction<Callable<T>> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> one :
                    threads.invokeAll(IntStream.range(0, count).mapToObj(work).toList())) {
                results.add(one.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }

    private static Socket connect(URI hub) throws IOException {
        Socket socket = new Socket();
        // Small kernel buffers for connections that do not read.
        socket.setReceiveBufferSize(4_096);
        socket.setSoTimeout((int) DEADLINE.toMillis());
        socket.connect(new InetSocketAddress(hub.getHost(), hub.getPort()), (int) DEADLINE.toMillis());
        return socket;
    }

    /**
     * Open connections whose responses are not read.
     *
     * @param statuses count of each status
     */
    record Unread(List<Socket> sockets, Map<Integer, Integer> statuses) implements AutoCloseable {

        /** Runs work while they are open, closes them, and returns its result. */
        <T> T during(Callable<T> work) throws Exception {
            try {
                return work.call();
            } finally {
                close();
            }
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
