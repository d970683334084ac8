package dev.herald.soak;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

import dev.herald.sse.Message;
import dev.herald.sse.SseParser;

/** Replay of the log from the hub by one who may read everything. */
final class Replay {
    private static final int BUFFER_BYTES = 1 << 16;

    private final int port;
    private final Faults faults;

    Replay(int port, Faults faults) {
        this.port = port;
        this.faults = faults;
    }

    /**
     * The events after one, until an attempt's.
     *
     * @param afterId an event's id, or {@code earliest}
     */
    List<Stored> read(String afterId, long until) throws IOException {
        List<Stored> events = new ArrayList<>();
        read(afterId, until, events::add);
        return events;
    }

    /** As the other, one event after the other. */
    void read(String afterId, long until, Consumer<Stored> events) throws IOException {
        Map<String, String> headers = new HashMap<>(Map.of("Last-Event-ID", afterId));
        Kind.WITNESS.token().ifPresent(token -> headers.put("Authorization", "Bearer " + token));
        boolean[] reached = new boolean[1];
        SseParser parser = new SseParser(message -> receive(message, until, reached, events), () -> {});
        try (Wire wire = Http1Wire.open(port, Kind.WITNESS.target(), headers, false)) {
            InputStream body = wire.body();
            byte[] buffer = new byte[BUFFER_BYTES];
            while (!reached[0]) {
                int read = body.read(buffer);
                if (read < 0) {
                    throw new IOException("The replay ended before " + Attempt.marker(until));
                }
                parser.feed(Arrays.copyOf(buffer, read));
            }
        }
    }

    private void receive(Message message, long until, boolean[] reached, Consumer<Stored> events) {
        if (message.type().equals("gap")) {
            faults.add("replay: a gap was reported: %s", message);
        }
        OptionalLong attempt = Attempt.find(message.data());
        if (attempt.isPresent() && !reached[0]) {
            events.accept(new Stored(attempt.getAsLong(), message.id().hashCode()));
            reached[0] = attempt.getAsLong() == until;
        }
    }
}
