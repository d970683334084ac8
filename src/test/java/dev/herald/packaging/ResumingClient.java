package dev.herald.packaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

import dev.herald.packaging.KillableHub.Address;
import dev.herald.sse.EventStream;
import dev.herald.sse.Message;

import static dev.herald.Patience.eventually;

/** Subscriber that reconnects with its last id whenever its stream ends, like a browser. Runs until it is stopped. */
final class ResumingClient implements Runnable {
    private final KillableHub hub;
    private final String path;
    private final List<Message> received = new ArrayList<>();
    private String lastEventId = "";
    private int connections;
    private volatile String end;

    /** @param path path of the stream */
    ResumingClient(KillableHub hub, String path) {
        this.hub = hub;
        this.path = path;
    }

    @Override
    public void run() {
        while (!atTheEnd(received)) {
            Address address = hub.address();
            try (EventStream stream = EventStream.open(address.client(), path, position())) {
                connections++;
                eventually().until(() -> !stream.isOpen() || end != null && atTheEnd(stream.messages()));
                received.addAll(stream.messages());
                lastEventId = stream.lastEventId();
            } catch (CompletionException nobodyThere) {
                hub.awaitStartAfter(address, () -> false);
            }
        }
    }

    private Map<String, String> position() {
        return lastEventId.isEmpty() ? Map.of() : Map.of("Last-Event-ID", lastEventId);
    }

    private boolean atTheEnd(List<Message> messages) {
        return end != null
                && messages.stream().anyMatch(message -> message.data().equals(end));
    }

    /** Stops it once it has received this data. */
    void endsWith(String data) {
        end = data;
    }

    /** Number of connections used, after it has run. */
    int connections() {
        return connections;
    }

    /** All messages of all connections except their first blocks, after it has run. */
    List<Message> received() {
        return received.stream().filter(message -> !message.data().equals("{}")).toList();
    }
}
