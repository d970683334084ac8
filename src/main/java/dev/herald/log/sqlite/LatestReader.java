package dev.herald.log.sqlite;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import dev.herald.event.Topic;
import dev.herald.log.TopicSnapshot;
import dev.herald.log.sqlite.EventRow.Outline;
import dev.herald.log.sqlite.TopicTable.Newest;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

/**
 * Search for the newest event of each topic, by the indexes of topics, in steps (decision 265). Each step may use
 * another connection, in a transaction of its own: events after the snapshot's position do not matter, and what
 * retention removes meanwhile is no part of it. Single use, by one thread at a time.
 */
final class LatestReader {
    /** Topics of one query. */
    private static final int TOPICS = 256;

    /** Older events of one topic in one query. */
    private static final int OLDER = 64;

    /** Maximum topics of considered events in a step. */
    static final int MAX_CONSIDERED = 1_024;

    /** Placeholders of purged events have this hash (and so would have one topic of 2^64, which is not found). */
    private static final long NO_TOPIC = 0;

    private final TopicSnapshot.Builder snapshot;
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

    LatestReader(long asOf, List<TopicSelector> selectors, List<TopicSelector> grants) {
        this.snapshot = new TopicSnapshot.Builder(asOf);
        this.wanted = new TopicFilter(selectors);
        this.granted = new TopicFilter(grants);
        this.named = TopicSelector.exactTopics(selectors).stream()
                .map(EventRow::hash)
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
            return considerOlder(topics) && considerNext(topics);
        } catch (SQLException e) {
            damage.reportOrRethrow(e);
            snapshot.incomplete();
            return true;
        }
    }

    private boolean full() {
        return considered >= MAX_CONSIDERED || budget.exhausted();
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
                older = consider(event) ? -1 : event.position() - 1;
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
                .filter(own -> EventRow.hash(own) == newest.topic())
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
        }
        return permitted;
    }

    /** Adds an event that cannot be read, so that its reader gets a gap. An older one may be the newest that is left. */
    private boolean addDamaged(long position) {
        snapshot.add(position);
        return false;
    }
}
