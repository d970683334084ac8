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

/** A TCP connection to the hub, for what no well-behaved client does. */
public final class RawConnection implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    /** @param receiveBuffer bytes that the kernel takes on this side, roughly; 0 for its own choice */
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

    /** In clear text, whatever the port expects. */
    static RawConnection plain(int port) throws IOException {
        return new RawConnection(connected(new Socket(), 0, port));
    }

    /** Over TLS. */
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

    /** All that comes until this text has come, or the end. */
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

    /** Status line, header and a body with Content-Length. */
    public String answer() throws IOException {
        String head = readUntil("\r\n\r\n");
        int at = head.toLowerCase().indexOf("content-length: ");
        if (at < 0) {
            return head;
        }
        int length = Integer.parseInt(head.substring(at + 16, head.indexOf('\r', at)));
        return head + new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    /** The content of the next chunk (RFC 9112 §7.1); empty for the last one. */
    String chunk() throws IOException {
        String length = readUntil("\r\n").trim();
        assertThat(length).as("a chunk's length").matches("[0-9a-f]+");
        String content = new String(in.readNBytes(Integer.parseInt(length, 16)), StandardCharsets.UTF_8);
        assertThat(readUntil("\r\n")).as("a chunk's end").isEqualTo("\r\n");
        return content;
    }

    /** The content of as many chunks as it takes to get this text. */
    String chunksUntil(String text) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(text) < 0) {
            String chunk = chunk();
            assertThat(chunk).as("the stream goes on").isNotEmpty();
            read.append(chunk);
        }
        return read.toString();
    }

    /** Says that nothing more will be sent, and goes on to read. */
    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** All that comes until the hub ends the connection. */
    public String readToEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Ends the connection without a word, as a killed process does. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
