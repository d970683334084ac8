package dev.herald.soak;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

import dev.herald.sse.Message;
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

    private final Kind kind;
    private final Receiver receiver;
    private final Access hub;
    private final Gate gate;
    private final Tally tally;
    private final Faults faults;
    private final Random random;
    private final boolean gapsAllowed;
    private SseParser parser;
    private volatile long connections;

    Subscriber(
            Receiver receiver, Access hub, Gate gate, Tally tally, Faults faults, Random random, boolean gapsAllowed) {
        this.kind = receiver.kind();
        this.receiver = receiver;
        this.hub = hub;
        this.gate = gate;
        this.tally = tally;
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
        String lastId = receiver.lastId();
        Opening opening = Opening.choose(kind, lastId, fitsAHeader(lastId), !gate.calm(), random);
        long requestedAt = System.nanoTime();
        Wire wire = hub.open(kind.transport(), opening.target(), opening.headers());
        try {
            check(wire, opening, requestedAt);
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

    private void check(Wire wire, Opening opening, long requestedAt) throws IOException {
        connections++;
        if (wire.status() != 200) {
            faults.add("%s: status %d", kind.name(), wire.status());
            throw new EOFException("This is no stream.");
        }
        receiver.opened(opening, requestedAt);
        opening.count(tally);
        if (!kind.surface().signals() && wire.header("Last-Event-ID").isPresent()) {
            checkStart(wire.header("Last-Event-ID").get(), opening.id().orElseThrow());
        }
    }

    /** Without signals a gap is reported here (PROTOCOL M5, E6). The start of a log that keeps little is one, too. */
    private void checkStart(String echoed, String requested) {
        if (!echoed.equals(requested) || gapsAllowed && echoed.equals("earliest")) {
            receiver.gap();
        }
    }

    private void read(InputStream body) throws IOException, InterruptedException {
        boolean slow = kind.transport() == Kind.Transport.SLOW;
        // A slow one mostly stays until its stream's maximum age, so that retention can overtake it while it reads.
        long left = slow ? Long.MAX_VALUE : mostBytes();
        long end = System.nanoTime()
                + Duration.ofMillis(random.nextInt(slow ? 60_000 : 15_000)).toNanos();
        parser = new SseParser(this::receive, () -> {});
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
        receiver.ended(parser.takeRetry());
    }

    private void receive(Message message) {
        receiver.receive(message, parser.takeRetry());
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
