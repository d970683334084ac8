package dev.herald.bench;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.herald.Patience;
import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.log.EventLog;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.LogFullException;
import dev.herald.log.Page;
import dev.herald.log.Retention;
import dev.herald.log.TopicSnapshot;
import dev.herald.log.sqlite.SqliteEventLog;
import dev.herald.memory.MemoryBudget;
import dev.herald.selector.TopicSelector;

import static org.assertj.core.api.Assertions.assertThat;

/** Appender to a file log in this process, without HTTP. Used by one thread. */
final class LogFiller implements AutoCloseable {
    /** Length of the data of one update, in bytes. */
    static final int DATA_BYTES = 200;

    private static final int RECENT_BYTES = 32 << 20;
    private static final int PAGE_BYTES = 1 << 20;

    private static final List<TopicSelector> ALL = List.of(new TopicSelector.Any());

    private final EventLog log;
    private final CommitCount commits = new CommitCount();

    /** @param maxWaiting bound of the queue during a commit: with 1, a batch never has more than one update */
    LogFiller(Path directory, Durability durability, Retention retention, int maxWaiting) {
        log = SqliteEventLog.open(
                directory,
                durability,
                retention,
                RECENT_BYTES,
                maxWaiting,
                MemoryBudget.unlimited(),
                Clock.systemUTC());
        log.follow(commits::add);
    }

    /** Data of the usual length with that marker in it. */
    static String data(String marker) {
        String data = "{\"message\":\"" + marker + "\",\"padding\":\"";
        return data + "x".repeat(DATA_BYTES - data.length() - 2) + "\"}";
    }

    /** Appends one update, and retries while the queue is full. */
    CompletableFuture<Event> append(Topic topic, int publisher, long number) {
        Update update = Update.of(topic, data(Marker.text(System.nanoTime(), publisher, number)));
        CompletionStage<Event> answer = log.append(update);
        while (refused(answer)) {
            answer = log.append(update);
        }
        return answer.toCompletableFuture();
    }

    /** A rejection completes at once. Stages of the log may depend on others, and then have its failure as a cause. */
    private static boolean refused(CompletionStage<Event> answer) {
        return answer.handle((event, failure) -> failure instanceof LogFullException
                        || failure != null && failure.getCause() instanceof LogFullException)
                .toCompletableFuture()
                .getNow(false);
    }

    /** Verifies that the log contains exactly the last {@code kept} appended updates, once and in order. */
    void verify(long appended, long kept) {
        long next = appended - kept;
        long head = log.recent().head();
        for (long after = log.horizon(); after < head; ) {
            Page page = Patience.done(log.read(after, ALL, PAGE_BYTES));
            for (Event event : page.events()) {
                assertThat(number(event)).isEqualTo(next++);
            }
            after = page.through();
        }
        assertThat(next).isEqualTo(appended);
    }

    private static long number(Event event) {
        byte[] frame = new byte[event.frame().size()];
        event.frame().bytes().get(frame);
        long[] found = {-1};
        new StreamScanner().scan(frame, frame.length, (nanos, publisher, number) -> found[0] = number);
        return found[0];
    }

    /** Time to find the newest event of each topic, in milliseconds. */
    double searchMillis(int topics) {
        long begin = System.nanoTime();
        assertThat(latest().size()).isEqualTo(topics);
        return millisSince(begin);
    }

    /** Time to find and to read the newest event of each topic, in milliseconds. */
    double latestMillis(int topics) {
        long begin = System.nanoTime();
        TopicSnapshot snapshot = latest();
        int events = 0;
        for (long after = snapshot.start(); after < snapshot.asOf(); ) {
            Page page = Patience.done(log.read(snapshot, after, ALL, PAGE_BYTES));
            events += page.events().size();
            after = page.through();
        }
        assertThat(events).isEqualTo(topics);
        return millisSince(begin);
    }

    private TopicSnapshot latest() {
        return Patience.done(log.latest(ALL, List.of(), () -> false));
    }

    /** Time to read all events, in milliseconds. */
    double readMillis() {
        long begin = System.nanoTime();
        long head = log.recent().head();
        for (long after = log.horizon(); after < head; ) {
            after = Patience.done(log.read(after, ALL, PAGE_BYTES)).through();
        }
        return millisSince(begin);
    }

    private static double millisSince(long begin) {
        return (System.nanoTime() - begin) / 1e6;
    }

    /** Number of commits. */
    long commits() {
        return commits.count;
    }

    @Override
    public void close() {
        log.close();
    }

    /** Counter of commits: a follower is called once per commit, by one thread. */
    private static final class CommitCount {
        private volatile long count;

        @SuppressWarnings("NonAtomicOperationOnVolatileField")
        void add(long head) {
            count++;
        }
    }
}
