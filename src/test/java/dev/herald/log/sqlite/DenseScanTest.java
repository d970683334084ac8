package dev.herald.log.sqlite;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.Rounds;
import dev.herald.event.Event;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.log.AppendListener;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.Page;
import dev.herald.log.sqlite.files.ConnectionSource;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.selector.TopicSelector;

import static dev.herald.Patience.done;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of reading one topic whose events are dense in parts of the log, and rare in others. */
class DenseScanTest {
    private static final int EVENTS = 4_000;
    private static final int LONGEST_PART = 300;
    private static final double[] SHARES = {0, 0.02, 0.3, 0.6, 1};
    private static final Topic WANTED = new Topic("wanted");
    private static final Topic OTHER = new Topic("other");
    private static final List<TopicSelector> SELECTORS = List.of(new TopicSelector.Exact(WANTED));

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    @TempDir
    Path directory;

    private Random random;
    private long seed;

    @BeforeEach
    void chooseASeed() {
        seed = System.nanoTime();
        random = new Random(seed);
    }

    /** Fills the log, and returns the events of the topic. */
    private List<Event> fill() {
        List<Update> updates = new ArrayList<>();
        while (updates.size() < EVENTS) {
            double share = SHARES[random.nextInt(SHARES.length)];
            for (int left = 1 + random.nextInt(LONGEST_PART); left > 0; left--) {
                updates.add(update(random.nextDouble() < share));
            }
        }
        try (EventLog log = Logs.open(directory)) {
            done(log.append(new UpdateBatch(updates, Optional.empty()), AppendListener.NONE));
            return Logs.events(Logs.pages(log, 0, Logs.ALL)).stream()
                    .filter(event -> event.topics().contains(WANTED))
                    .toList();
        }
    }

    private Update update(boolean wanted) {
        List<Topic> topics =
                wanted ? random.nextInt(4) == 0 ? List.of(OTHER, WANTED) : List.of(WANTED) : List.of(OTHER);
        return new Update(
                topics,
                "x".repeat(random.nextInt(200)),
                false,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty());
    }

    @Test
    void readerOfATopicGetsEachOfItsEventsFromAnyPosition() {
        for (int round = 0; round < Rounds.of(2, 50); round++) {
            chooseASeed();
            directory = directory.resolve("round-" + round);
            List<Event> wanted = fill();

            try (EventLog log = Logs.open(directory)) {
                for (long after : new long[] {0, random.nextInt(EVENTS), random.nextInt(EVENTS), EVENTS - 1}) {
                    assertThat(Logs.events(Logs.pages(log, after, SELECTORS)))
                            .as("seed=%d after=%d", seed, after)
                            .isEqualTo(wanted.stream()
                                    .filter(event -> event.position() > after)
                                    .toList());
                }
            }
        }
    }

    /** What stands in the table is lost; the index of topics still says whose events they were. */
    @Test
    void lostEventsAreAGapForTheReadersOfTheirTopicOnly() throws Exception {
        logged.allow("Events of the log are lost, since its file is damaged");
        List<Event> wanted = fill();
        Set<Long> lost = new TreeSet<>();
        try (var connection = ConnectionSource.sqlite().open(directory.resolve("herald.db"))) {
            for (int i = 0; i < 40; i++) {
                // The newest event is read at the start.
                long position = 1 + random.nextInt(EVENTS - 1);
                lost.add(position);
                Sql.execute(connection, "UPDATE event SET data = x'00' WHERE position = " + position);
            }
        }
        List<Long> lostAndWanted =
                wanted.stream().map(Event::position).filter(lost::contains).toList();

        try (EventLog log = Logs.open(directory)) {
            List<Page> pages = Logs.pages(log, 0, SELECTORS);

            assertThat(Logs.events(pages))
                    .as("seed=%d", seed)
                    .isEqualTo(wanted.stream()
                            .filter(event -> !lost.contains(event.position()))
                            .toList());
            assertThat(gaps(pages)).as("seed=%d", seed).containsExactlyElementsOf(lostAndWanted);
        }
    }

    /** Positions that the pages report as lost. */
    private static List<Long> gaps(List<Page> pages) {
        List<Long> lost = new ArrayList<>();
        long at = 0;
        for (Page page : pages) {
            for (long position = at + 1; position <= page.after(); position++) {
                lost.add(position);
            }
            at = page.through();
        }
        return lost;
    }
}
