package dev.herald.log.sqlite;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import dev.herald.event.Topic;
import dev.herald.log.Lookback;
import dev.herald.log.TopicSnapshot;
import dev.herald.log.sqlite.rows.EventRow.Outline;
import dev.herald.log.sqlite.rows.NameHash;
import dev.herald.log.sqlite.rows.TopicTable;
import dev.herald.log.sqlite.rows.TopicTable.Newest;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

/**
 * Search for the newest event of each topic, in steps (decision 265). It uses the indexes of topics, unless that costs
 * too much: then it scans the events backwards until it has enough topics. Each step may use another connection, in a
 * separate transaction. Events after the snapshot's position do not matter, and what retention removes meanwhile is not
 * part of it. Single use, by one thread at a time.
 */
final class LatestReader {
    /** Topics of one query. */
    private static final int TOPICS = 256;

    /** Older events of one topic in one query. */
    private static final int OLDER = 64;

    /** Maximum topics of considered events in a step. */
    static final int MAX_CONSIDERED = 1_024;

    /**
     * Maximum topics and events that are considered by the indexes. Each is a row anywhere in the file, and costs ten
     * to thirty times as much as one of a scan.
     */
    static final int MAX_BY_INDEX = 30_000;

    /** Maximum rows of one step of a scan, and half of the maximum of their topics. */
    private static final int SCANNED = 4_096;

    /** Placeholders of purged events have this hash (and so would have one topic of 2^64, which is not found). */
    private static final long NO_TOPIC = 0;

    private final boolean publicOnly;
    private final TopicFilter wanted;
    private final TopicFilter granted;
    /** Hashes of the topics, ascending; empty if all topics of the log are considered. */
    private final List<Long> named;

    /** Topic up to which the search is complete, exclusive if {@link #older} is not negative. */
    private long reached = Long.MIN_VALUE;
    /** Highest position of the topic's events that are not considered yet; negative if the topic is complete. */
    private long older = -1;

    private MatchBudget budget;
    private int considered;
    private int consideredByIndex;
    private int found;

    private TopicSnapshot.Builder snapshot;
    /** Scan in place of the indexes; null while these are used. */
    private Scan scan;

    LatestReader(long asOf, List<TopicSelector> selectors, List<TopicSelector> grants) {
        this.snapshot = new TopicSnapshot.Builder(asOf);
        this.wanted = new TopicFilter(selectors);
        this.granted = new TopicFilter(grants);
        this.publicOnly = grants.isEmpty();
        this.named = TopicSelector.exactTopics(selectors).stream()
                .map(NameHash::ofTopic)
                .sorted()
                .toList();
    }

    /** The events that were found. */
    TopicSnapshot snapshot() {
        return snapshot.build();
    }

    /** Runs one step within the transaction of the caller. Returns whether the search is complete. */
    boolean step(TopicTable topics, CorruptionReport damage) throws SQLException {
        budget = new MatchBudget(MatchBudget.PAGE_UNITS);
        considered = 0;
        try {
            return scan == null ? stepByIndex(topics, damage) : scan.step(topics);
        } catch (SQLException e) {
            damage.reportOrRethrow(e);
            snapshot.incomplete();
            return true;
        }
    }

    /** As {@link #step}; begins a scan if there are too many topics or events, or an index is damaged. */
    private boolean stepByIndex(TopicTable topics, CorruptionReport damage) throws SQLException {
        boolean complete = false;
        boolean damaged = false;
        try {
            complete = considerOlder(topics) && considerNext(topics);
        } catch (SQLException e) {
            damage.reportOrRethrow(e);
            damaged = true;
        }
        consideredByIndex += considered;
        if (damaged || found > TopicSnapshot.MAX_TOPICS || !complete && consideredByIndex > MAX_BY_INDEX) {
            snapshot = new TopicSnapshot.Builder(snapshot.asOf());
            found = 0;
            scan = new Scan();
            return false;
        }
        return complete;
    }

    private boolean full() {
        return considered >= MAX_CONSIDERED || found > TopicSnapshot.MAX_TOPICS || budget.exhausted();
    }

    /** Considers the next topics. Returns whether there are no more. */
    private boolean considerNext(TopicTable topics) throws SQLException {
        boolean last = false;
        while (!last) {
            List<Newest> next = next(topics);
            last = next.size() < TOPICS;
            for (Newest newest : next) {
                if (full()) {
                    return false;
                }
                reached = newest.topic();
                if (!consider(newest)) {
                    older = newest.position() - 1;
                    if (!considerOlder(topics)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private List<Newest> next(TopicTable topics) throws SQLException {
        if (named.isEmpty()) {
            return topics.walk(reached, snapshot.asOf(), TOPICS);
        }
        List<Long> following =
                named.stream().filter(topic -> topic > reached).limit(TOPICS).toList();
        return topics.named(following, snapshot.asOf());
    }

    /** Considers older events of the current topic. Returns whether the topic is complete. */
    private boolean considerOlder(TopicTable topics) throws SQLException {
        while (older >= 0) {
            List<Newest> next = topics.older(reached, older, OLDER);
            if (next.isEmpty()) {
                older = -1;
            }
            for (Newest event : next) {
                if (full()) {
                    return false;
                }
                // A damaged index may return positions out of order.
                older = consider(event) ? -1 : Math.min(older, event.position()) - 1;
                if (older < 0) {
                    break;
                }
            }
        }
        return true;
    }

    /** Adds an event if it belongs to the snapshot. Returns whether its topic is complete. */
    private boolean consider(Newest newest) {
        considered +=
                Math.max(1, newest.event().map(event -> event.topics().size()).orElse(0));
        if (newest.position() == 0 || newest.topic() == NO_TOPIC) {
            return true;
        }
        if (newest.event().isEmpty()) {
            return addDamaged(newest.position());
        }
        Outline event = newest.event().get();
        if (event.isPurged()) {
            return false;
        }
        Optional<Topic> topic = event.topics().stream()
                .filter(own -> NameHash.ofTopic(own) == newest.topic())
                .findFirst();
        if (topic.isEmpty()) {
            return addDamaged(newest.position());
        }
        if (!wanted.matches(List.of(topic.get()), budget)) {
            return true;
        }
        boolean permitted = granted.permits(event.isPrivate(), event.topics(), budget);
        if (permitted) {
            snapshot.add(newest.position());
            found++;
        }
        return permitted;
    }

    /** Adds an event that cannot be read, so that its reader gets a gap. An older one may be the newest that is left. */
    private boolean addDamaged(long position) {
        snapshot.add(position);
        return false;
    }

    /** Scan of all events, newest first: the first event of a topic that the reader may read is its newest one. */
    private final class Scan {
        private final TopicHashes seen = new TopicHashes();
        private long upTo = snapshot.asOf();

        /** Considers the next events. Returns whether the scan is complete. */
        boolean step(TopicTable topics) throws SQLException {
            // A damaged B-tree may return positions out of order.
            upTo = Math.min(upTo, topics.scan(upTo, SCANNED, publicOnly, this::consider)) - 1;
            return upTo < Lookback.BEGINNING || found > TopicSnapshot.MAX_TOPICS;
        }

        /** Returns whether to continue. */
        private boolean consider(Newest row) {
            Outline event = row.event().orElseThrow();
            if (event.topics().isEmpty()) {
                addDamaged(row.position());
            }
            for (Topic topic : event.topics()) {
                long hash = event.topics().size() == 1 ? row.topic() : NameHash.ofTopic(topic);
                if (!seen.contains(hash) && wanted.matches(List.of(topic), budget)) {
                    if (!granted.permits(event.isPrivate(), event.topics(), budget)) {
                        break;
                    }
                    add(hash, row.position());
                }
            }
            considered += event.topics().size();
            return considered < 2 * SCANNED && !budget.exhausted() && found <= TopicSnapshot.MAX_TOPICS;
        }

        private void add(long hash, long position) {
            found++;
            if (found > TopicSnapshot.MAX_TOPICS) {
                snapshot.incomplete();
            } else {
                seen.add(hash);
                snapshot.add(position);
            }
        }
    }

    /** Set of hashes of at most {@link TopicSnapshot#MAX_TOPICS} topics. */
    private static final class TopicHashes {
        private static final int SMALLEST = 64;

        /** Open addressing: hashes are random, and 0 stands for none. */
        private long[] slots = new long[SMALLEST];

        private int size;

        boolean contains(long hash) {
            return slots[slot(hash)] == hash;
        }

        void add(long hash) {
            if (4 * size >= 3 * slots.length) {
                long[] before = slots;
                slots = new long[2 * before.length];
                for (long kept : before) {
                    slots[slot(kept)] = kept;
                }
            }
            slots[slot(hash)] = hash;
            size++;
        }

        private int slot(long hash) {
            int slot = (int) hash & slots.length - 1;
            while (slots[slot] != 0 && slots[slot] != hash) {
                slot = slot + 1 & slots.length - 1;
            }
            return slot;
        }
    }
}
