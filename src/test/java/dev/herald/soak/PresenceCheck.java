package dev.herald.soak;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Check of the updates about subscriptions that one subscriber receives (PROTOCOL M42): a subscription starts at most
 * once, ends at most once, and does not start after its end. A missed update is not sent again, so either may be
 * missing. After the subscriber resumed at an earlier position, both may be repeated. Keeps the newest subscriptions only.
 * Thread-safe.
 */
final class PresenceCheck {
    private static final int MAX_REMEMBERED = 20_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String subscriber;
    private final Faults faults;
    private final Map<String, Boolean> states = new LinkedHashMap<>();

    PresenceCheck(String subscriber, Faults faults) {
        this.subscriber = subscriber;
        this.faults = faults;
    }

    /** The document of an update about a subscription, if the data is one. */
    static Optional<JsonNode> document(String data) {
        if (!data.startsWith("{\"@context\"")) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readTree(data)).filter(json -> json.hasNonNull("id") && json.hasNonNull("active"));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Call when the next updates may be repeated ones. */
    synchronized void startAnew() {
        states.clear();
    }

    synchronized void receive(JsonNode document) {
        String id = document.get("id").asText();
        boolean active = document.get("active").asBoolean();
        Boolean before = states.put(id, active);
        if (before != null && (active || !before)) {
            faults.add("%s: subscription %s is active=%s after active=%s", subscriber, id, active, before);
        }
        if (states.size() > MAX_REMEMBERED) {
            states.keySet().remove(states.keySet().iterator().next());
        }
    }

    /** Whether this was the newest state of a subscription to the selector. */
    synchronized boolean saw(String selector, boolean active) {
        return states.entrySet().stream()
                .anyMatch(state ->
                        state.getValue() == active && state.getKey().contains("/" + Selector.escaped(selector) + "/"));
    }
}
