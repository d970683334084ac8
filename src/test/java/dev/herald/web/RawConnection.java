package dev.herald.web;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocketFactory;

import dev.herald.Patience;

import static org.assertj.core.api.Assertions.assertThat;

/** Raw TCP connection to the hub, for malformed requests. */
public final class RawConnection implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    /** @param receiveBuffer approximate size of this side's kernel buffer in bytes; 0 for the default */
    public RawConnection(int receiveBuffer) throws IOException {
        this(connected(new Socket(), receiveBuffer, HubClient.port()));
    }

    private RawConnection(Socket connected) throws IOException {
        socket = connected;
        in = new BufferedInputStream(socket.getInputStream());
    }

    private static Socket connected(Socket socket, int receiveBuffer, int port) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setSoTimeout((int) Patience.LIMIT.toMillis());
        socket.connect(new InetSocketAddress("localhost", port));
        return socket;
    }

    /** Connects in clear text, whatever the port expects. */
    static RawConnection plain(int port) throws IOException {
        return new RawConnection(connected(new Socket(), 0, port));
    }

    /** Connects over TLS. */
    static RawConnection secured(SSLSocketFactory trusting, int receiveBuffer, int port) throws IOException {
        return new RawConnection(connected(trusting.createSocket(), receiveBuffer, port));
    }

    public RawConnection() throws IOException {
        this(0);
    }

    public RawConnection send(String latin1) throws IOException {
        socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    /** Reads until this text, or to the end. */
    public String readUntil(String text) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        byte[] end = text.getBytes(StandardCharsets.ISO_8859_1);
        int matched = 0;
        for (int b = in.read(); b >= 0; b = in.read()) {
            read.write(b);
            matched = b == end[matched] ? matched + 1 : b == end[0] ? 1 : 0;
            if (matched == end.length) {
                break;
            }
        }
        return read.toString(StandardCharsets.ISO_8859_1);
    }

    /** Reads a status line, headers and a body with Content-Length. */
    public String answer() throws IOException {
        String head = readUntil("\r\n\r\n");
        int at = head.toLowerCase().indexOf("content-length: ");
        if (at < 0) {
            return head;
        }
        int length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
        return head + new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    /** Reads the content of the next chunk (RFC 9112 §7.1); empty for the last one. */
    String chunk() throws IOException {
        String length = readUntil("\r\n").trim();
        assertThat(length).as("a chunk's length").matches("[0-9a-f]+");
        String content = new String(in.readNBytes(Integer.parseInt(length, 16)), StandardCharsets.UTF_8);
        assertThat(readUntil("\r\n")).as("a chunk's end").isEqualTo("\r\n");
        return content;
    }

    /** Reads the content of chunks until this text. */
    String chunksUntil(String text) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(text) < 0) {
            String chunk = chunk();
            assertThat(chunk).as("the stream continues").isNotEmpty();
            read.append(chunk);
        }
        return read.toString();
    }

    /** Closes the sending side, and can still read. */
    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Reads until the hub closes the connection. */
    public String readToEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Resets the connection, like a killed process. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
