package dev.herald.log.sqlite;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import dev.herald.event.Topic;
import dev.herald.log.TopicSnapshot;
import dev.herald.log.sqlite.rows.EventTable;
import dev.herald.log.sqlite.rows.StoredEvent;
import dev.herald.selector.TopicSelector;

/**
 * Queries for the events of one page, within the caller's transaction: by a scan, or by the positions that the index of
 * topics or a snapshot names. Events that are missing or damaged are left to the page. Used by one thread at a time.
 */
final class PageQuery {
    /**
     * Maximum positions of one topic in one lookup. A usual page contains a few times as many, so few positions are
     * looked up in vain.
     */
    private static final int MAX_POSITIONS = 64;

    /** Positions of each topic in the first lookup of a page: enough to see whether the topics are dense. */
    private static final int FIRST_POSITIONS = 16;

    private final EventTable events;
    private final CorruptionReport damage;

    PageQuery(EventTable events, CorruptionReport damage) {
        this.events = events;
        this.damage = damage;
    }

    /**
     * Adds the next events that match.
     *
     * @param through position to end at, inclusive
     */
    void fill(PageBuilder page, long through, List<TopicSelector> selectors) throws SQLException {
        List<Topic> topics = TopicSelector.exactTopics(selectors);
        if (topics.isEmpty()) {
            scan(page, through);
            return;
        }
        boolean room = true;
        for (int most = FIRST_POSITIONS; room && page.through() < through; most = MAX_POSITIONS) {
            room = addNext(page, through, topics, most);
        }
    }

    /** Adds the next events of a snapshot, as {@link #fill(PageBuilder, long, List)}. */
    void fill(PageBuilder page, long through, TopicSnapshot snapshot) throws SQLException {
        boolean room = true;
        while (room && page.through() < through) {
            room = readWanted(page, WantedPositions.of(snapshot, page.through(), through));
        }
    }

    /**
     * Adds the events of one lookup, or of a scan if they are dense. Returns whether the page has room for more.
     *
     * @param most maximum positions of one topic
     */
    private boolean addNext(PageBuilder page, long through, List<Topic> topics, int most) throws SQLException {
        WantedPositions wanted;
        try {
            wanted = WantedPositions.of(events, topics, page.through(), through, most);
        } catch (SQLException e) {
            damage.reportOrRethrow(e);
            scan(page, through);
            return false;
        }
        if (wanted.dense()) {
            DenseScan scan = new DenseScan(page);
            scan.run(events, through, damage);
            if (page.through() > wanted.after()) {
                return scan.room();
            }
        }
        return readWanted(page, wanted);
    }

    /** Scans a range. */
    private void scan(PageBuilder page, long through) throws SQLException {
        try {
            if (events.ascending(page.through(), through, page::addNext)) {
                page.extendTo(through);
            }
        } catch (SQLException e) {
            damage.reportOrRethrow(e);
            long unread = page.through() + 1;
            OptionalLong next = events.readableAfter(page.through(), through);
            page.skipMissing(unread, next.isPresent() ? Math.max(unread, next.getAsLong() - 1) : through);
        }
    }

    /** Reads wanted events by one statement. Returns whether the page has room for more. */
    private boolean readWanted(PageBuilder page, WantedPositions wanted) throws SQLException {
        Deque<Long> left = new ArrayDeque<>(wanted.positions());
        try {
            boolean room = wanted.visit(events, (position, event) -> {
                while (!left.isEmpty() && left.peek() < position) {
                    if (!page.skipMissing(left.peek(), left.remove())) {
                        return false;
                    }
                }
                if (left.isEmpty() || left.peek() > position) {
                    return true;
                }
                left.remove();
                return page.add(position, event);
            });
            if (!room) {
                return false;
            }
        } catch (SQLException e) {
            damage.reportOrRethrow(e);
        }
        return readOneByOne(page, left, wanted.through());
    }

    /** As {@link #readWanted}, event by event. */
    private boolean readOneByOne(PageBuilder page, Collection<Long> positions, long through) throws SQLException {
        for (long position : positions) {
            if (!page.add(position, at(position))) {
                return false;
            }
        }
        page.extendTo(through);
        return true;
    }

    private Optional<StoredEvent> at(long position) throws SQLException {
        try {
            return events.at(position);
        } catch (SQLException e) {
            damage.reportOrRethrow(e);
            return Optional.empty();
        }
    }
}
