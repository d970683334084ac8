package dev.herald.log.sqlite;

import java.sql.SQLException;
import java.util.Optional;

import dev.herald.log.sqlite.rows.EventTable;
import dev.herald.log.sqlite.rows.StoredEvent;

/**
 * Scan of a range whose events are mostly wanted: it costs no lookup for each of them. It ends where they become rare,
 * and before a row that is missing or damaged: the index of topics decides whether that row was wanted. Used once, by
 * one thread.
 */
final class DenseScan implements EventTable.Visitor {
    /** Events beyond the share of wanted ones, so that a short run of others does not end the scan. */
    private static final int SPARE_EVENTS = 32;

    private final PageBuilder page;
    private final int before;
    private int visited;
    private boolean room = true;

    /** @param page receives the events after its last position */
    DenseScan(PageBuilder page) {
        this.page = page;
        this.before = page.size();
    }

    /** Scans up to a position, inclusive. It may end at once; the page says how far it came. */
    void run(EventTable events, long through, CorruptionReport damage) throws SQLException {
        try {
            events.ascending(page.through(), through, this);
        } catch (SQLException e) {
            damage.reportOrRethrow(e);
        }
    }

    /** Whether the page has room for more events. */
    boolean room() {
        return room;
    }

    @Override
    public boolean visit(long position, Optional<StoredEvent> event) {
        if (event.isEmpty() || position <= page.through() || event.get().previous() > page.through()) {
            return false;
        }
        visited++;
        room = page.add(position, event);
        return room && visited < WantedPositions.DENSE * (page.size() - before) + SPARE_EVENTS;
    }
}
