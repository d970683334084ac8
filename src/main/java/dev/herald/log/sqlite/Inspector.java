package dev.herald.log.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import dev.herald.event.Topic;
import dev.herald.log.sqlite.files.Sql;

/**
 * Looks whether the events of one stretch are what their checksums say, and are found by their topics: an index that is
 * damaged and looks sound would else hide them from the readers of these topics. Made for one look, inside of a transaction.
 */
final class Inspector {
    /** Stands for the end of the log, and for its beginning. */
    static final long END = 0;

    private static final long NO_LIMIT = Long.MAX_VALUE >> 1;
    private static final int MAX_EVENTS = 500;
    private static final long MAX_BYTES = 1 << 20;

    private final EventTable events;
    private final CorruptionReport damage;
    private final List<StoredEvent> sound = new ArrayList<>();
    private long reached;
    private int seen;
    private long bytes;

    Inspector(EventTable events, CorruptionReport damage) {
        this.events = events;
        this.damage = damage;
    }

    /** Looks at the stretch after a position. Returns where it ends, or {@link #END}. */
    long inspect(long after) throws SQLException {
        reached = after;
        boolean end;
        try {
            end = events.upwards(after, NO_LIMIT, (position, event) -> {
                event.ifPresentOrElse(this::keep, () -> damage.lost(position, position));
                // Only a damaged tree leads backwards.
                reached = Math.max(reached, position);
                return ++seen < MAX_EVENTS && bytes < MAX_BYTES;
            });
        } catch (SQLException e) {
            end = skip(e);
        }
        for (StoredEvent event : sound) {
            if (!found(event)) {
                damage.index(event.position());
            }
        }
        return end || reached == after ? END : reached;
    }

    private void keep(StoredEvent event) {
        sound.add(event);
        bytes += event.data().length;
    }

    /** Goes on behind what cannot be read; returns whether there is nothing behind it. */
    private boolean skip(SQLException e) throws SQLException {
        damage.reportOrRethrow(e);
        OptionalLong next = events.readableAfter(reached, NO_LIMIT);
        reached = next.isPresent() ? Math.max(reached + 1, next.getAsLong() - 1) : reached;
        return next.isEmpty();
    }

    private boolean found(StoredEvent event) throws SQLException {
        List<Topic> topics = event.topics();
        try {
            boolean all = events.named(topics.get(0), true, event.position());
            for (Topic other : topics.subList(1, topics.size())) {
                all &= events.named(other, false, event.position());
            }
            return all;
        } catch (SQLException e) {
            if (!Sql.damaged(e)) {
                throw e;
            }
            return false;
        }
    }
}
