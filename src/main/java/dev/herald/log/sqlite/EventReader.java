package dev.herald.log.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.EventId;
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
    private static final Logger LOG = Logger.getLogger(EventReader.class);

    private final Connection connection;
    private final EventTable events;
    private final TopicTable topics;
    private final PageQuery pages;
    private final Generations generations;
    private final CorruptionReport damage;

    /** Whether the last transaction may still be open. */
    private boolean unfinished;

    EventReader(Connection connection, Generations generations, CorruptionReport damage) throws SQLException {
        this.connection = connection;
        this.events = new EventTable(connection);
        this.topics = new TopicTable(connection);
        this.pages = new PageQuery(events, damage);
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
                pages.fill(page, through, selectors);
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
            pages.fill(page, through, snapshot);
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

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
