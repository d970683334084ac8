package dev.herald.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

import static dev.herald.Patience.eventually;

/**
 * Crowd of subscribers at {@value #ADDRESSES} addresses, over HTTP/1.1, that measure latency. The data of each event is the time, by
 * {@link System#nanoTime()}, at which it was due to be published. One thread reads all sockets.
 */
final class TimedCrowd implements AutoCloseable {
    private static final byte[] FIELD = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(10);
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int ADDRESSES = 200;

    private final Selector selector = Selector.open();
    private final List<Member> members = new ArrayList<>();
    private final Histogram micros = new ConcurrentHistogram(LONGEST_MICROS, 3);
    private final Thread reader = new Thread(this::read, "timed-crowd");

    /** Opens the streams, and waits for the first block of each. */
    TimedCrowd(URI hub, int count) throws IOException {
        byte[] request = "GET /SSE HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open();
            channel.bind(new InetSocketAddress("127.0.1." + (1 + i % ADDRESSES), 0));
            channel.connect(new InetSocketAddress(hub.getHost(), hub.getPort()));
            channel.write(ByteBuffer.wrap(request));
            channel.configureBlocking(false);
            Member member = new Member();
            members.add(member);
            channel.register(selector, SelectionKey.OP_READ, member);
        }
        reader.setDaemon(true);
        reader.start();
        eventually().until(() -> members.stream().allMatch(member -> member.begun));
    }

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try {
            while (selector.isOpen()) {
                selector.select(key -> read(key, buffer));
            }
        } catch (ClosedSelectorException closed) {
            // By close().
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(SelectionKey key, ByteBuffer buffer) {
        Member member = (Member) key.attachment();
        try {
            if (((SocketChannel) key.channel()).read(buffer.clear()) < 0) {
                throw new IOException("The hub closed the stream.");
            }
            buffer.flip();
            long now = System.nanoTime();
            while (buffer.hasRemaining()) {
                member.accept(buffer.get(), now);
            }
        } catch (IOException lost) {
            member.lost = true;
            key.cancel();
        }
    }

    /** Latencies since the last call, in microseconds. */
    Histogram take() {
        Histogram taken = micros.copy();
        micros.reset();
        return taken;
    }

    /** Whether each member has received this many events, in order. */
    boolean allHave(long count) {
        return members.stream().allMatch(member -> member.received == count && !member.disordered);
    }

    /** Members whose connection ended. */
    long lost() {
        return members.stream().filter(member -> member.lost).count();
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    /** One subscriber; its fields are written by the reader. */
    private final class Member {
        private int matched;
        private long number;
        private long last;
        private volatile boolean begun;
        private volatile boolean disordered;
        private volatile boolean lost;
        private volatile long received;

        void accept(byte b, long now) {
            if (matched < FIELD.length) {
                matched = b == FIELD[matched] ? matched + 1 : b == FIELD[0] ? 1 : 0;
                number = 0;
            } else if (b >= '0' && b <= '9') {
                number = number * 10 + b - '0';
            } else {
                matched = 0;
                if (number == 0) {
                    // The first block.
                    begun = true;
                } else {
                    disordered |= number <= last;
                    last = number;
                    received++;
                    micros.recordValue(Math.min(LONGEST_MICROS, Math.max(0, (now - number) / 1_000)));
                }
            }
        }
    }
}
