package dev.herald.soak;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import dev.herald.sse.SseParser;

/**
 * Subscriber that is disconnected at random, by itself or by the hub, and resumes with its last id. The thread of
 * {@link #run} owns it.
 */
final class Subscriber implements Runnable {
    private static final int BUFFER_BYTES = 1 << 13;
    private static final int SLOW_BYTES = 512;
    private static final int SLOW_MILLIS = 25;
    private static final int RETRY_MILLIS = 30;
    private static final int STEP_MILLIS = 10;
    private static final List<String> PARAMETERS =
            List.of("lastEventID", "lastEventId", "last_event_id", "last-event-id", "Last-Event-ID");

    private final Kind kind;
    private final Receiver receiver;
    private final int port;
    private final HttpClient http2;
    private final Gate gate;
    private final Faults faults;
    private final Random random;
    private final boolean gapsAllowed;
    private volatile long connections;

    Subscriber(
            Receiver receiver,
            int port,
            HttpClient http2,
            Gate gate,
            Faults faults,
            Random random,
            boolean gapsAllowed) {
        this.kind = receiver.kind();
        this.receiver = receiver;
        this.port = port;
        this.http2 = http2;
        this.gate = gate;
        this.faults = faults;
        this.random = random;
        this.gapsAllowed = gapsAllowed;
    }

    @Override
    public void run() {
        try {
            while (!gate.over()) {
                try (Wire wire = open()) {
                    read(wire.body());
                } catch (IOException cutByTheHub) {
                    Thread.sleep(RETRY_MILLIS);
                }
                stayAway();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            faults.add("%s failed: %s", kind.name(), e);
        }
    }

    private Wire open() throws IOException, InterruptedException {
        Optional<String> position = position();
        Map<String, String> headers = new HashMap<>();
        headers.put("Accept", "text/event-stream");
        kind.token().ifPresent(token -> headers.put("Authorization", "Bearer " + token));
        if (kind.transport().gzip()) {
            headers.put("Accept-Encoding", "gzip");
        }
        String target = kind.target();
        if (position.isPresent() && (random.nextInt(3) == 0 || !fitsAHeader(position.get()))) {
            target += "&" + PARAMETERS.get(random.nextInt(PARAMETERS.size())) + "=" + Selector.escaped(position.get());
        } else {
            position.ifPresent(id -> headers.put("Last-Event-ID", id));
        }
        Wire wire = kind.transport().http2()
                ? Http2Wire.open(http2, port, target, headers)
                : Http1Wire.open(port, target, headers, kind.transport() == Kind.Transport.SLOW);
        try {
            check(wire, position);
        } catch (IOException | RuntimeException e) {
            wire.close();
            throw e;
        }
        return wire;
    }

    /** The JDK's client cannot send UTF-8 in a header with the request that upgrades to HTTP/2. */
    private boolean fitsAHeader(String id) {
        return !kind.transport().http2()
                || StandardCharsets.US_ASCII.newEncoder().canEncode(id);
    }

    /** The last id; a stream without signals starts at the earliest event until it has an id. */
    private Optional<String> position() {
        String lastId = receiver.lastId();
        if (!lastId.isEmpty()) {
            return Optional.of(lastId);
        }
        return kind.surface().signals() ? Optional.empty() : Optional.of("earliest");
    }

    private void check(Wire wire, Optional<String> position) throws IOException {
        connections++;
        if (wire.status() != 200) {
            faults.add("%s: status %d", kind.name(), wire.status());
            throw new EOFException("This is no stream.");
        }
        if (!kind.surface().signals() && wire.header("Last-Event-ID").isPresent()) {
            checkStart(wire.header("Last-Event-ID").get(), position.orElseThrow());
        }
    }

    /** Without signals a gap is reported here (PROTOCOL M5, E6). The start of a log that keeps little is one, too. */
    private void checkStart(String echoed, String asked) {
        if (!echoed.equals(asked) || gapsAllowed && echoed.equals("earliest")) {
            receiver.gap();
        }
    }

    private void read(InputStream body) throws IOException, InterruptedException {
        boolean slow = kind.transport() == Kind.Transport.SLOW;
        // A slow one mostly stays until its stream's maximum age, so that retention can overtake it while it reads.
        long left = slow ? Long.MAX_VALUE : mostBytes();
        long end = System.nanoTime()
                + Duration.ofMillis(random.nextInt(slow ? 60_000 : 15_000)).toNanos();
        SseParser parser = new SseParser(receiver::receive, () -> {});
        byte[] buffer = new byte[slow ? SLOW_BYTES : BUFFER_BYTES];
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
            boolean mayCut = kind != Kind.WITNESS && !gate.calm();
            int taken = mayCut ? (int) Math.min(read, left) : read;
            parser.feed(Arrays.copyOf(buffer, taken));
            left = Math.max(0, left - taken);
            if (gate.over() || mayCut && (left == 0 || System.nanoTime() - end > 0)) {
                return;
            }
            if (slow && !gate.calm()) {
                Thread.sleep(SLOW_MILLIS);
            }
        }
    }

    /** Number of messages before it disconnects: few or many. */
    private long mostBytes() {
        return random.nextBoolean() ? Long.MAX_VALUE : (long) Math.pow(10, 1 + random.nextDouble() * 5.5);
    }

    /** Pauses, mostly briefly; with limited retention sometimes long enough to lose events. */
    private void stayAway() throws InterruptedException {
        if (kind == Kind.WITNESS) {
            return;
        }
        int most = random.nextInt(8) > 0 ? 200 : gapsAllowed ? 25_000 : 3_000;
        long end = System.nanoTime() + Duration.ofMillis(random.nextInt(most)).toNanos();
        while (!gate.calm() && System.nanoTime() - end < 0) {
            Thread.sleep(STEP_MILLIS);
        }
    }

    long connections() {
        return connections;
    }
}
