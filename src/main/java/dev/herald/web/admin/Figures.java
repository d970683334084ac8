package dev.herald.web.admin;

import java.time.Duration;
import java.util.OptionalLong;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.herald.stats.EventStats;
import dev.herald.stats.HubStats;
import dev.herald.stream.StreamStats;

/**
 * Figures of this node over about a second, as JSON; serialised once for all watchers. Immutable.
 *
 * @param open figures for everybody: private events are not included
 * @param all figures for clients with a grant
 */
record Figures(String open, String all) {

    /**
     * @param stats the hub's statistics of {@code time}
     * @param topics number of distinct selectors, if known
     * @param ended the streams that ended in {@code time}
     * @param waitingBytes bytes that wait for sockets, private events included
     */
    static Figures of(
            HubStats stats,
            Duration time,
            int subscribers,
            OptionalLong topics,
            StreamStats.Ended ended,
            long waitingBytes) {
        double seconds = time.toNanos() / 1e9;
        ObjectNode open = document(stats.publicEvents(), seconds, subscribers, topics);
        ObjectNode all = document(stats.all(), seconds, subscribers, topics)
                .put("ended", ended.count())
                .put("waiting", waitingBytes);
        if (ended.count() > 0) {
            all.put("lasted", ended.meanSeconds());
        }
        return new Figures(open.toString(), all.toString());
    }

    private static ObjectNode document(EventStats counts, double seconds, int subscribers, OptionalLong topics) {
        ObjectNode document = JsonNodeFactory.instance
                .objectNode()
                .put("events", Math.round(counts.accepted() / seconds))
                .put("deliveries", Math.round(counts.delivered() / seconds));
        if (counts.medianMicros() > 0) {
            document.put("p50", counts.medianMicros()).put("p99", counts.p99Micros());
        }
        document.put("subscribers", subscribers);
        topics.ifPresent(count -> document.put("topics", count));
        return document;
    }
}
