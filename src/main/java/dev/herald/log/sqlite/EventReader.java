package dev.herald.log.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.log.Generations;
import dev.herald.log.Lookback;
import dev.herald.log.Page;
import dev.herald.log.TopicSnapshot;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.log.sqlite.rows.EventRow.Outline;
import dev.herald.log.sqlite.rows.EventTable;
import dev.herald.log.sqlite.rows.StoredEvent;
import dev.herald.log.sqlite.rows.TopicTable;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

/**
 * Reader of pages over one connection, each page in one read transaction. Used by one thread at a time. Its memory is
 * one page, and some thousand positions.
 */
final class EventReader implements AutoCloseable {
    /**
     * Maximum positions of one topic in one lookup. A usual page contains a few times as many, so few positions are
     * looked up in vain.
     */
    private static final int MAX_POSITIONS = 64;

    /** Positions of each topic in the first lookup of a page: enough to see whether the topics are dense. */
    private static final int FIRST_POSITIONS = 16;

    /** A range is scanned if at least one event in this many is wanted; else only the wanted events are read. */
    static final int DENSE = 3;

    /** Positions of one lookup for a snapshot. */
    private static final int POSITIONS_OF_A_SNAPSHOT = 128;

    private static final Logger LOG = Logger.getLogger(EventReader.class);

    private final Connection connection;
    private final EventTable events;
    private final TopicTable topics;
    private final Generations generations;
    private final CorruptionReport damage;

    /** Whether the last transaction may still be open. */
    private boolean unfinished;

    EventReader(Connection connection, Generations generations, CorruptionReport damage) throws SQLException {
        this.connection = connection;
        this.events = new EventTable(connection);
        this.topics = new TopicTable(connection);
        this.generations = generations;
        this.damage = damage;
    }

    /** {@link dev.herald.log.EventLog#read}. */
    Page page(long after, List<TopicSelector> selectors, int maxBytes) throws SQLException {
        begin();
        try {
            long end = Math.max(events.last(), generations.lastSeam());
            long begin = generations.behindSeam(Math.max(after, events.horizon()));
            PageBuilder page = new PageBuilder(begin, selectors, maxBytes, damage);
            long through = Math.min(end, generations.beforeSeam(begin));
            if (begin < through) {
                fill(page, through, selectors);
            }
            return page.build();
        } finally {
            end();
        }
    }

    /** {@link dev.herald.log.EventLog#read(TopicSnapshot, long, List, int)}. */
    Page page(TopicSnapshot snapshot, long after, List<TopicSelector> selectors, int maxBytes) throws SQLException {
        begin();
        try {
            long horizon = Math.min(events.horizon(), snapshot.asOf());
            boolean started = after > snapshot.start();
            boolean overtaken =
                    started && (snapshot.hasEvent(after, horizon) || generations.beforeSeam(after) < horizon);
            long begin = started ? generations.behindSeam(overtaken ? horizon : after) : after;
            PageBuilder page = new PageBuilder(begin, selectors, maxBytes, damage);
            page.extendTo(horizon);
            long through = Math.min(snapshot.asOf(), generations.beforeSeam(page.through()));
            boolean room = true;
            while (room && page.through() < through) {
                room = readWanted(page, Wanted.of(snapshot, page.through(), through));
            }
            return page.build();
        } finally {
            end();
        }
    }

    /** Runs a step of a search for the newest events of each topic. Returns whether it is complete. */
    boolean step(LatestReader search) throws SQLException {
        begin();
        try {
            return search.step(topics, damage);
        } finally {
            end();
        }
    }

    /** Begins a transaction. One that could not be ended would block all later ones of this reader. */
    private void begin() throws SQLException {
        if (unfinished) {
            try {
                end();
            } catch (SQLException e) {
                LOG.debug("There is no transaction to roll back.", e);
            }
        }
        unfinished = true;
        Sql.execute(connection, "BEGIN");
    }

    /** Not by COMMIT, which fails once a statement has failed. */
    private void end() throws SQLException {
        Sql.execute(connection, "ROLLBACK");
        unfinished = false;
    }

    /** {@link dev.herald.log.EventLog#lookBack}. */
    Lookback lookBack(long upTo, int count, List<TopicSelector> selectors, List<TopicSelector> grants)
            throws SQLException {
        begin();
        try {
            return new BackwardReader(events, damage).lookBack(upTo, count, selectors, grants);
        } finally {
            end();
        }
    }

    /** {@link dev.herald.log.EventLog#find}. */
    Optional<Event> find(EventId id, List<TopicSelector> grants) throws SQLException {
        TopicFilter granted = new TopicFilter(grants);
        MatchBudget budget = new MatchBudget(MatchBudget.PAGE_UNITS);
        try {
            for (Outline event : events.outlines(id, PageBuilder.MAX_CONSIDERED)) {
                if (budget.exhausted()) {
                    return Optional.empty();
                }
                if (granted.permits(event.isPrivate(), event.topics(), budget)) {
                    Optional<Event> found = events.at(event.position())
                            .filter(stored -> stored.id().equals(id))
                            .map(StoredEvent::event);
                    if (found.isPresent()) {
                        return found;
                    }
                }
            }
            return Optional.empty();
        } catch (SQLException e) {
            // As for an unknown id: the reader gets a gap and all events that are left.
            damage.reportOrRethrow(e);
            return Optional.empty();
        }
    }

    /** {@link dev.herald.log.EventLog#findPurged}. */
    OptionalLong findPurged(EventId id) throws SQLException {
        try {
            return events.purged(id);
        } catch (SQLException e) {
            damage.reportOrRethrow(e);
            return OptionalLong.empty();
        }
    }

    private void fill(PageBuilder page, long through, List<TopicSelector> selectors) throws SQLException {
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

    /**
     * Adds the events of one lookup, or of a scan if they are dense. Returns whether the page has room for more.
     *
     * @param most maximum positions of one topic
     */
    private boolean addNext(PageBuilder page, long through, List<Topic> topics, int most) throws SQLException {
        Wanted wanted;
        try {
            wanted = wanted(topics, page.through(), through, most);
        } catch (SQLException e) {
            damage.reportOrRethrow(e);
            scan(page, through);
            return false;
        }
        if (wanted.dense()) {
            DenseScan scan = new DenseScan(page);
            scan.run(events, through, damage);
            if (page.through() > wanted.after) {
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
    private boolean readWanted(PageBuilder page, Wanted wanted) throws SQLException {
        Deque<Long> left = new ArrayDeque<>(wanted.positions);
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
        return readOneByOne(page, left, wanted.through);
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

    /** Next positions of any of the topics, complete up to the shortest of their lists. */
    private Wanted wanted(List<Topic> topics, long after, long through, int most) throws SQLException {
        int limit = EventTable.positionsATopic(topics.size(), most);
        TreeSet<Long> positions = new TreeSet<>();
        long reached = through;
        for (Topic topic : topics) {
            for (List<Long> found : events.positions(topic, after, reached, limit)) {
                positions.addAll(found);
                if (found.size() == limit) {
                    reached = Math.min(reached, found.get(limit - 1));
                }
            }
        }
        return new Wanted(positions.headSet(reached, true), after, reached);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** Positions of all wanted events of a range. */
    private record Wanted(SortedSet<Long> positions, long after, long through) {
        /** Next positions of a snapshot. */
        static Wanted of(TopicSnapshot snapshot, long after, long through) {
            SortedSet<Long> next = new TreeSet<>(snapshot.positions(after, POSITIONS_OF_A_SNAPSHOT));
            SortedSet<Long> within = next.headSet(through + 1);
            boolean last = next.size() < POSITIONS_OF_A_SNAPSHOT || within.size() < next.size();
            return new Wanted(within, after, last ? through : next.last());
        }

        /** Visits the events, and others if the range is scanned. Returns false if the visitor stopped. */
        boolean visit(EventTable events, EventTable.Visitor visitor) throws SQLException {
            return dense() ? events.ascending(after, through, visitor) : events.at(positions, visitor);
        }

        private boolean dense() {
            return positions.size() >= EventTable.MIN_POSITIONS && (through - after) / DENSE < positions.size();
        }
    }
}
