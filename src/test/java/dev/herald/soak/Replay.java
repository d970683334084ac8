package dev.herald.soak;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

import dev.herald.sse.Message;
import dev.herald.sse.SseParser;

/**
 * Replay of the hub's log with a grant for everything. A stream that reaches its maximum age is resumed after the last
 * id that no other event has; what was read behind it is verified. One thread uses it.
 */
final class Replay {
    /** Start of a replay of everything. */
    static final String EARLIEST = "earliest";

    private static final int BUFFER_BYTES = 1 << 16;

    private final Access hub;
    private final Faults faults;
    private final long until;
    private final Consumer<Stored> events;
    private String startId;

    /** What was read after the start, and how much of it is to be read again. */
    private final Longs sinceStart = new Longs();

    private int repeated;
    private boolean reached;

    /**
     * @param afterId start: an event's id, or {@link #EARLIEST}
     * @param until last attempt to read
     */
    private Replay(Access hub, Faults faults, String afterId, long until, Consumer<Stored> events) {
        this.hub = hub;
        this.faults = faults;
        this.startId = afterId;
        this.until = until;
        this.events = events;
    }

    /** Events after one, up to and including that of an attempt. */
    static void read(Access hub, Faults faults, String afterId, long until, Consumer<Stored> events)
            throws IOException, InterruptedException {
        Replay replay = new Replay(hub, faults, afterId, until, events);
        while (!replay.reached) {
            String before = replay.startId;
            replay.repeated = 0;
            replay.readStream();
            if (!replay.reached && replay.startId.equals(before)) {
                throw new IOException("A replay did not get beyond " + before);
            }
        }
    }

    private void readStream() throws IOException, InterruptedException {
        boolean everything = startId.equals(EARLIEST);
        Map<String, String> headers = new HashMap<>(everything ? Map.of() : Map.of("Last-Event-ID", startId));
        Kind.WITNESS.token().ifPresent(token -> headers.put("Authorization", "Bearer " + token));
        SseParser parser = new SseParser(this::receive, () -> {});
        try (Wire wire = hub.open(Kind.WITNESS.target() + (everything ? "&since=" + EARLIEST : ""), headers)) {
            InputStream body = wire.body();
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = 0; read >= 0 && !reached; read = body.read(buffer)) {
                parser.feed(Arrays.copyOf(buffer, read));
            }
        }
    }

    private void receive(Message message) {
        if (message.type().equals("gap")) {
            faults.add("replay: a gap was reported: %s", message);
        }
        OptionalLong attempt = Attempt.find(message.data());
        if (attempt.isEmpty() || reached) {
            return;
        }
        if (repeated < sinceStart.size()) {
            verify(attempt.getAsLong());
            return;
        }
        events.accept(new Stored(attempt.getAsLong(), message.id().hashCode()));
        reached = attempt.getAsLong() == until;
        sinceStart.add(attempt.getAsLong());
        repeated = sinceStart.size();
        if (!Plan.repeats(message.id())) {
            startId = message.id();
            sinceStart.clear();
            repeated = 0;
        }
    }

    /** An event that was read before the stream ended is repeated in order. */
    private void verify(long attempt) {
        long before = sinceStart.get(repeated++);
        if (attempt != before) {
            faults.add("replay: %s instead of %s", Attempt.marker(attempt), Attempt.marker(before));
        }
    }
}
