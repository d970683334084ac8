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
 * Replay of the hub's log with a grant for everything. A stream that reaches its maximum age is resumed. One thread
 * uses it.
 */
final class Replay {
    private static final int BUFFER_BYTES = 1 << 16;

    private final int port;
    private final Faults faults;
    private final long until;
    private final Consumer<Stored> events;
    private String lastId;
    private boolean reached;

    /**
     * @param afterId start: an event's id, or {@code earliest}
     * @param until last attempt to read
     */
    private Replay(int port, Faults faults, String afterId, long until, Consumer<Stored> events) {
        this.port = port;
        this.faults = faults;
        this.lastId = afterId;
        this.until = until;
        this.events = events;
    }

    /** Events after one, up to and including that of an attempt. */
    static void read(int port, Faults faults, String afterId, long until, Consumer<Stored> events) throws IOException {
        Replay replay = new Replay(port, faults, afterId, until, events);
        while (!replay.reached) {
            String before = replay.lastId;
            replay.readStream();
            if (!replay.reached && replay.lastId.equals(before)) {
                throw new IOException("A replay did not get beyond " + before);
            }
        }
    }

    private void readStream() throws IOException {
        Map<String, String> headers = new HashMap<>(Map.of("Last-Event-ID", lastId));
        Kind.WITNESS.token().ifPresent(token -> headers.put("Authorization", "Bearer " + token));
        SseParser parser = new SseParser(this::receive, () -> {});
        try (Wire wire = Http1Wire.open(port, Kind.WITNESS.target(), headers, false)) {
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
        lastId = message.id();
        OptionalLong attempt = Attempt.find(message.data());
        if (attempt.isPresent() && !reached) {
            events.accept(new Stored(attempt.getAsLong(), message.id().hashCode()));
            reached = attempt.getAsLong() == until;
        }
    }
}
