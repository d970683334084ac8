package dev.herald.log.sqlite.rows;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.log.sqlite.columns.StoredTime;
import dev.herald.log.sqlite.files.RetryingStatement;

/**
 * Insertion of events and their alternate topics, within the transaction of the caller, which must roll it back after a
 * failure. Small events are inserted several at a time: running a statement costs as much as a row. Used by one thread;
 * closed with its connection.
 */
public final class EventInsert {
    /** Rows of one statement. */
    public static final int ROWS = 32;

    /**
     * Largest event that is inserted with others, in bytes: the driver keeps the parameters of a statement until its
     * next use.
     */
    private static final long SMALL_BYTES = 4_096;

    private final RetryingStatement one;
    private final RetryingStatement several;
    private final RetryingStatement alternate;

    public EventInsert(Connection connection) {
        this.one = new RetryingStatement(connection, EventRow.INSERT);
        this.several = new RetryingStatement(connection, EventRow.insertOf(ROWS));
        this.alternate = new RetryingStatement(connection, EventRow.INSERT_ALTERNATE);
    }

    /**
     * Inserts events, in order. Of a purged one, whose data is the digest of its id, it inserts the placeholder.
     *
     * @param previous position of the event before the first, 0 without one
     * @param bytesBefore sum of the sizes of all events before them, from the log's beginning
     * @return the same sum after them
     */
    public long insert(List<Event> events, long previous, long bytesBefore) throws SQLException {
        long[] bytes = sums(events, bytesBefore);
        Hashes hashes = new Hashes();
        long before = previous;
        for (int from = 0; from < events.size(); ) {
            int rows = small(events, bytes, from) ? ROWS : 1;
            if (events.get(from).isPurged()) {
                PurgedRow.insert(one, events.get(from), before, bytes[from]);
            } else {
                insert(rows == 1 ? one : several, events, from, rows, before, bytes, hashes);
            }
            from += rows;
            before = events.get(from - 1).position();
        }
        return bytes[events.size()];
    }

    /** Loads the classes of an insertion, so that the first one needs no file (decision 130). */
    public void prepare() throws SQLException {
        insert(List.of(), 0, 0);
        StoredTime.nanos(Instant.EPOCH);
    }

    /** Sum of the sizes of all events before each of these, and after the last. */
    private static long[] sums(List<Event> events, long bytesBefore) {
        long[] sums = new long[events.size() + 1];
        sums[0] = bytesBefore;
        for (int i = 0; i < events.size(); i++) {
            sums[i + 1] =
                    sums[i] + (events.get(i).isPurged() ? 0 : events.get(i).size());
        }
        return sums;
    }

    /** Whether there are events for a statement of several rows, all of them small and none of them purged. */
    private static boolean small(List<Event> events, long[] bytes, int from) {
        boolean small = events.size() - from >= ROWS;
        for (int i = from; small && i < from + ROWS; i++) {
            small = bytes[i + 1] - bytes[i] <= SMALL_BYTES && !events.get(i).isPurged();
        }
        return small;
    }

    private void insert(
            RetryingStatement statement,
            List<Event> events,
            int from,
            int rows,
            long previous,
            long[] bytes,
            Hashes hashes)
            throws SQLException {
        statement.use(insert -> {
            long before = previous;
            for (int i = 0; i < rows; i++) {
                Event event = events.get(from + i);
                long topic = hashes.of(event.topics().get(0));
                EventRow.bind(insert, 1 + i * EventRow.PARAMETERS, event, before, bytes[from + i], topic);
                before = event.position();
            }
            return insert.executeUpdate();
        });
        for (int i = from; i < from + rows; i++) {
            insertAlternates(events.get(i), hashes);
        }
    }

    private void insertAlternates(Event event, Hashes hashes) throws SQLException {
        List<Topic> topics = event.topics();
        for (int i = 1; i < topics.size(); i++) {
            alternate.update(hashes.of(topics.get(i)), event.position());
        }
    }

    /** Hashes of the topics of some events, each computed once. */
    private static final class Hashes {
        private final Map<Topic, Long> known = new HashMap<>();
        private Topic last;
        private long hash;

        long of(Topic topic) {
            if (topic != last) {
                hash = known.computeIfAbsent(topic, NameHash::ofTopic);
                last = topic;
            }
            return hash;
        }
    }
}
