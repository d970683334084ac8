package dev.herald.log.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.herald.MovingClock;
import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Fingerprint;
import dev.herald.event.IdempotencyKey;
import dev.herald.event.Receipt;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;
import dev.herald.log.Retention;
import dev.herald.log.local.StoredKey;
import dev.herald.log.sqlite.files.ConnectionSource;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.log.sqlite.keys.KeyRetention;

import static dev.herald.Patience.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Tests of idempotency keys in the file log across restarts, failed writes, backups and damage (PROTOCOL Q15). */
class IdempotencyKeysTest {
    private static final int SIZE = 3;

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    @TempDir
    Path folder;

    private Path data() {
        return folder.resolve("data");
    }

    private static UpdateBatch batch(String key) {
        List<Update> updates = IntStream.range(0, SIZE)
                .mapToObj(i -> Logs.update("news", key + "-" + i))
                .toList();
        Fingerprint.Builder content = new Fingerprint.Builder();
        updates.forEach(update -> update.addTo(content));
        return new UpdateBatch(
                updates,
                Optional.of(
                        new IdempotencyKey(new Fingerprint.Builder().add(key).build(), content.build())));
    }

    /** Otherwise one expired key would let a whole group of new ones in, of one publisher. */
    @Test
    void q15ExpiredKeysDoNotLiftTheLimit() throws SQLException {
        Logs.open(data()).close();
        MovingClock clock = new MovingClock();
        Fingerprint first = new Fingerprint(7, 1);
        try (Connection connection = ConnectionSource.sqlite().open(data().resolve("herald.db"))) {
            Retention.Keys limits = new Retention.Keys(Duration.ofMinutes(10), 4);
            KeyRetention keys = new KeyRetention(connection, limits, clock, failure -> {
                throw failure;
            });
            keys.add(List.of(new StoredKey(
                    new IdempotencyKey(first, new Fingerprint(0, 0)), 1, clock.instant(), new Fingerprint(0, 0))));
            keys.committed();
            clock.advance(Duration.ofMinutes(11));

            assertThat(keys.exceedsLimits()).isTrue();
            assertThat(keys.hasRoom(new Fingerprint(7, 2), 1, 1)).isTrue();
            assertThat(keys.hasRoom(new Fingerprint(7, 2), 3, 3)).isFalse();
        }
    }

    private static List<EventId> ids(EventLog log) {
        return Logs.events(Logs.pages(log, 0, Logs.ALL)).stream().map(Event::id).toList();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static void execute(Path directory, String sql) throws SQLException {
        try (Connection connection = ConnectionSource.sqlite().open(directory.resolve("herald.db"))) {
            Sql.execute(connection, sql);
        }
    }

    /** The files are copied when the commit is complete, and the publisher has no answer yet. */
    @Test
    void killBetweenCommitAndAnswerCausesNoDuplicate() throws IOException {
        Path killed = folder.resolve("killed");
        Receipt first;
        try (EventLog log = Logs.open(data())) {
            Logs.append(log, 1);
            first = done(log.append(batch("k")));
            copy(data(), killed);
        }

        for (int restart = 0; restart < 2; restart++) {
            try (EventLog log = Logs.open(killed)) {
                Receipt again = done(log.append(batch("k")));

                assertThat(again.repeated()).isTrue();
                assertThat(again.ids()).isEqualTo(first.ids());
                assertThat(ids(log)).hasSize(1 + SIZE).endsWith(first.ids().toArray(EventId[]::new));
            }
        }
    }

    /**
     * Whichever write of a run fails, before or after it takes effect: the publisher sends again until it gets an
     * answer.
     */
    @ParameterizedTest(name = "afterwards={0}, {1} more failures")
    @CsvSource({"false, 0", "true, 0", "true, 3"})
    void publisherThatRetriesPublishesOnceWhicheverWriteFails(boolean afterwards, int more) {
        logged.allow("The log rejects updates.");
        boolean reachedTheEnd = false;
        int retries = 0;
        for (int n = 1; !reachedTheEnd; n++) {
            Path path = folder.resolve("run-" + n);
            FailingStatements source = new FailingStatements(afterwards);
            List<EventId> answered = new ArrayList<>();
            try (EventLog log = Logs.open(path, source)) {
                source.failAt(n, more);
                for (int i = 0; i < 3; i++) {
                    int tries = 0;
                    Receipt receipt = null;
                    while (receipt == null) {
                        receipt = tried(log, batch("k" + i));
                        tries++;
                    }
                    retries += tries - 1;
                    answered.addAll(receipt.ids());
                }
                reachedTheEnd = source.left() > 0;
                source.failAt(Integer.MAX_VALUE, 0);

                assertThat(ids(log)).as("n=%d", n).isEqualTo(answered);
                assertThat(log.stats().keys().count()).isEqualTo(3);
            }
            try (EventLog log = Logs.open(path)) {
                assertThat(done(log.append(batch("k1"))).ids()).isEqualTo(answered.subList(SIZE, 2 * SIZE));
                assertThat(ids(log)).as("n=%d, after a restart", n).isEqualTo(answered);
            }
        }
        assertThat(retries).isGreaterThan(10);
    }

    private static Receipt tried(EventLog log, UpdateBatch batch) {
        try {
            return done(log.append(batch));
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(EventLogException.class);
            return null;
        }
    }

    @Test
    void backupHasTheKeysOfItsEvents() {
        logged.expect("The log was restored from a backup");
        List<Receipt> receipts = new ArrayList<>();
        Path backup = folder.resolve("backup.db");
        Path restored = folder.resolve("restored");
        Receipt later;
        try (EventLog log = Logs.open(data())) {
            for (int i = 0; i < 1_200; i++) {
                receipts.add(done(log.append(batch("k" + i))));
            }
            LogBackup.write(data(), backup);
            later = done(log.append(batch("later")));
        }
        LogRestore.install(backup, restored);

        try (EventLog log = Logs.open(restored)) {
            assertThat(log.stats().keys().count()).isEqualTo(1_200);
            for (int i = 0; i < 1_200; i += 100) {
                Receipt again = done(log.append(batch("k" + i)));
                assertThat(again.repeated()).isTrue();
                assertThat(again.ids()).isEqualTo(receipts.get(i).ids());
            }
            Receipt lost = done(log.append(batch("later")));
            assertThat(lost.repeated()).as("published after the backup").isFalse();
            assertThat(lost.ids()).doesNotContainAnyElementsOf(later.ids());
        }
    }

    /** An answer from a damaged row would be wrong, and publishing again might be a double: neither is done. */
    @Test
    void damagedKeyRejectsItsRequestsUntilTheRescueOfTheNextStart() throws Exception {
        logged.expect("The log's file is damaged");
        Receipt whole;
        try (EventLog log = Logs.open(data())) {
            done(log.append(batch("damaged")));
            whole = done(log.append(batch("whole")));
        }
        execute(data(), "UPDATE idempotency SET seed = zeroblob(16) WHERE position = 1");

        try (EventLog log = Logs.open(data())) {
            assertThatThrownBy(() -> done(log.append(batch("damaged")))).hasCauseInstanceOf(EventLogException.class);
            assertThatThrownBy(() -> done(log.append(batch("whole")))).hasCauseInstanceOf(EventLogException.class);
            assertThat(Logs.append(log, 1)).as("an update without a key").hasSize(1);
            assertThat(ids(log)).hasSize(2 * SIZE + 1);
        }

        logged.expect("Idempotency keys of the log are lost");
        try (EventLog log = Logs.open(data())) {
            assertThat(done(log.append(batch("whole")))).isEqualTo(new Receipt(whole.ids(), true));
            assertThat(log.stats().keys().count()).isEqualTo(1);
            assertThat(ids(log)).hasSize(2 * SIZE + 1);
        }
    }

    private void undoTheLastMigration() throws SQLException {
        try (Connection connection = ConnectionSource.sqlite().open(data().resolve("herald.db"))) {
            long version = Sql.number(connection, "PRAGMA user_version");
            Sql.execute(connection, "DROP TABLE idempotency");
            Sql.execute(connection, "PRAGMA user_version = " + (version - 1));
        }
    }

    @Test
    void keysOfALogOfAnOlderVersionAreAbsent() throws SQLException {
        try (EventLog log = Logs.open(data())) {
            Logs.append(log, 2);
        }
        undoTheLastMigration();

        try (EventLog log = Logs.open(data())) {
            assertThat(done(log.append(batch("k"))).repeated()).isFalse();
            assertThat(done(log.append(batch("k"))).repeated()).isTrue();
            assertThat(ids(log)).hasSize(2 + SIZE);
        }
    }
}
