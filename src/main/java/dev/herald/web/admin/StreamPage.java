package dev.herald.web.admin;

import java.util.List;
import java.util.OptionalLong;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.herald.hub.Subscriber;
import dev.herald.hub.Subscriber.Progress;
import dev.herald.roster.RosterEntry;
import dev.herald.selector.TopicSelector;

/**
 * Page of open streams as JSON, bounded by bytes: it ends early after a stream with which it is full. Not thread-safe.
 */
final class StreamPage {
    /** Texts of a page, in characters, besides those of the last stream. */
    static final int MAX_BYTES = 64 << 10;

    /** Progress of a stream whose event loop does not answer. */
    static final Progress UNKNOWN = new Progress(false, -1, -1);

    private static final int ENTRY_BYTES = 400;
    private static final int MAX_SELECTORS = 20;

    /** Longest text of a selector or subject, in characters. */
    private static final int MAX_TEXT = 256;

    private final ArrayNode streams = JsonNodeFactory.instance.arrayNode();
    private OptionalLong next;
    private int bytes;

    /** @param next where the next page begins, unless this one ends early */
    StreamPage(OptionalLong next) {
        this.next = next;
    }

    boolean full() {
        return bytes >= MAX_BYTES;
    }

    void add(RosterEntry stream, Progress progress) {
        Subscriber subscriber = stream.subscriber();
        ObjectNode entry = streams.addObject()
                .put("id", Long.toString(stream.id()))
                .put("since", stream.since().toString());
        stream.identity().subject().ifPresent(subject -> entry.put("subject", text(subject)));
        stream.identity().id().ifPresent(jti -> entry.put("jti", text(jti)));
        stream.identity().fingerprint().ifPresent(token -> entry.put("token", token));
        entry.put("address", stream.address());
        List<TopicSelector> selectors = subscriber.selectors();
        ArrayNode shown = entry.putArray("selectors");
        selectors.stream().limit(MAX_SELECTORS).forEach(selector -> shown.add(text(selector.text())));
        entry.put("selectorCount", selectors.size()).put("signals", subscriber.signals());
        if (progress == UNKNOWN) {
            entry.put("state", "unknown");
        } else {
            entry.put("state", progress.live() ? "live" : "catching-up")
                    .put("behind", progress.behind())
                    .put("waitingBytes", progress.pendingBytes());
        }
        bytes += ENTRY_BYTES;
        if (full()) {
            next = OptionalLong.of(stream.id());
        }
    }

    private String text(String text) {
        String part = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
        bytes += part.length();
        return part;
    }

    Outcome outcome() {
        ObjectNode page = JsonNodeFactory.instance.objectNode();
        page.set("streams", streams);
        next.ifPresent(id -> page.put("next", Long.toString(id)));
        return new Outcome(page, streams.size());
    }
}
