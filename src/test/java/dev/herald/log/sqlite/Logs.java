package dev.herald.log.sqlite;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.EventLog;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.Page;
import dev.herald.log.Retention;
import dev.herald.log.sqlite.files.BootId;
import dev.herald.log.sqlite.files.ConnectionSource;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;

/** Functions that open, fill and read file logs in tests. */
final class Logs {
    static final Retention PLENTY = Retention.of(1_000_000, 1L << 30);
    static final List<TopicSelector> ALL = List.of(new TopicSelector.Any());
    static final int RECENT_BYTES = 1 << 20;

    private Logs() {}

    static SqliteEventLog open(Path directory) {
        return open(directory, PLENTY);
    }

    static SqliteEventLog open(Path directory, Retention retention) {
        return SqliteEventLog.open(
                directory,
                Durability.COMMIT,
                retention,
                RECENT_BYTES,
                100_000,
                MemoryBudget.unlimited(),
                Clock.systemUTC());
    }

    static SqliteEventLog open(Path directory, ConnectionSource source) {
        return open(directory, source, BootId.current(), Durability.COMMIT);
    }

    static SqliteEventLog open(Path directory, BootId boot, Durability durability) {
        return open(directory, ConnectionSource.sqlite(), boot, durability);
    }

    private static SqliteEventLog open(Path directory, ConnectionSource source, BootId boot, Durability durability) {
        return SqliteEventLog.open(
                directory,
                source,
                boot,
                durability,
                PLENTY,
                RECENT_BYTES,
                100_000,
                MemoryBudget.unlimited(),
                Clock.systemUTC());
    }

    static Update update(String topic, String data) {
        return Update.of(new Topic(topic), data);
    }

    static Update withId(String id) {
        return new Update(
                List.of(new Topic("news")),
                "{}",
                false,
                Optional.of(new EventId(id)),
                Optional.empty(),
                OptionalLong.empty());
    }

    static List<Event> append(EventLog log, int count) {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(done(log.append(update("news", "event " + i))));
        }
        return events;
    }

    /** All pages after a position, up to the head. */
    static List<Page> pages(EventLog log, long after, List<TopicSelector> selectors) {
        List<Page> pages = new ArrayList<>();
        for (long at = after; at < log.recent().head(); ) {
            Page page = done(log.read(at, selectors, 64 << 10));
            if (page.through() <= at) {
                throw new AssertionError("A page before the head does not move on from " + at + ".");
            }
            pages.add(page);
            at = page.through();
        }
        return pages;
    }

    static List<Event> events(List<Page> pages) {
        return pages.stream().flatMap(page -> page.events().stream()).toList();
    }

    /** Whether the pages report missing events. */
    static boolean hasGap(List<Page> pages, long after) {
        long at = after;
        for (Page page : pages) {
            if (page.after() > at) {
                return true;
            }
            at = page.through();
        }
        return false;
    }
}
