package dev.herald.cluster;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import dev.herald.event.Event;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Page;
import dev.herald.log.Retention;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;

/** Functions of tests that run several nodes. */
final class Nodes {
    static final Retention PLENTY = Retention.of(1_000_000, 1L << 30);

    private static final long RECENT_BYTES = 32 << 20;

    private Nodes() {}

    static ClusteredEventLog open(SharedLog shared, Path directory) {
        return open(shared, directory, PLENTY, Clock.systemUTC());
    }

    static ClusteredEventLog open(SharedLog shared, Path directory, Retention retention, Clock clock) {
        return ClusteredEventLog.open(
                shared,
                directory,
                Durability.COMMIT,
                retention,
                RECENT_BYTES,
                100_000,
                MemoryBudget.unlimited(),
                clock);
    }

    /** All kept events of a node, from its mirror's file. */
    static List<Event> kept(ClusteredEventLog node) {
        List<Event> events = new ArrayList<>();
        long at = node.horizon();
        while (true) {
            Page page = done(node.read(at, List.of(new TopicSelector.Any()), 1 << 20));
            if (page.through() <= at) {
                return events;
            }
            events.addAll(page.events());
            at = page.through();
        }
    }
}
