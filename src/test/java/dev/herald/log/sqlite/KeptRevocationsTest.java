package dev.herald.log.sqlite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.MovingClock;
import dev.herald.identity.Revocation;
import dev.herald.identity.Revocation.Kind;
import dev.herald.identity.Revocation.Target;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.sqlite.files.ConnectionSource;
import dev.herald.log.sqlite.files.Sql;
import dev.herald.memory.MemoryBudget;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of revocations in a file log: restart, backup, restore, rescue, and their end. */
class KeptRevocationsTest {
    private static final String RESTORED = "The log was restored from a backup";
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    @TempDir
    Path folder;

    private Path data() {
        return folder.resolve("data");
    }

    private static Revocation revocation(Kind kind, String value) {
        return new Revocation(new Target(kind, value), NOW, NOW.plus(1, ChronoUnit.DAYS));
    }

    private static final Revocation ALICE = revocation(Kind.SUBJECT, "alice");
    private static final Revocation TOKEN = revocation(Kind.TOKEN, "ab".repeat(32));
    private static final Revocation JTI = revocation(Kind.JTI, "ünïcode \n id");

    @Test
    void revocationsOfEachKindSurviveARestart() {
        try (EventLog log = Logs.open(data())) {
            done(log.keep(ALICE));
            done(log.keep(TOKEN));
            done(log.keep(JTI));
            done(log.keep(revocation(Kind.SUBJECT, "bob")));
            done(log.forget(new Target(Kind.SUBJECT, "bob")));
        }

        try (EventLog log = Logs.open(data())) {
            assertThat(log.revocations()).containsExactlyInAnyOrder(ALICE, TOKEN, JTI);
        }
    }

    @Test
    void laterRevocationReplacesTheEarlierOne() {
        Revocation longer = new Revocation(ALICE.target(), NOW, NOW.plus(9, ChronoUnit.DAYS));
        try (EventLog log = Logs.open(data())) {
            done(log.keep(ALICE));
            done(log.keep(longer));
        }

        try (EventLog log = Logs.open(data())) {
            assertThat(log.revocations()).containsExactly(longer);
        }
    }

    @Test
    void endedRevocationIsRemovedFromTheFile() throws Exception {
        MovingClock clock = new MovingClock();
        Instant start = clock.instant();
        try (EventLog log = open(clock)) {
            done(log.keep(new Revocation(ALICE.target(), start, start.plusSeconds(60))));
            done(log.keep(new Revocation(TOKEN.target(), start, start.plusSeconds(6_000))));

            clock.advance(Duration.ofSeconds(60));

            eventually().until(() -> rows() == 1);
        }
        try (EventLog log = open(clock)) {
            assertThat(log.revocations()).extracting(Revocation::target).containsExactly(TOKEN.target());
        }
    }

    private EventLog open(Clock clock) {
        return SqliteEventLog.open(
                data(), Durability.COMMIT, Logs.PLENTY, Logs.RECENT_BYTES, 1_000, MemoryBudget.unlimited(), clock);
    }

    private long rows() throws Exception {
        try (var connection = ConnectionSource.sqlite().open(data().resolve("herald.db"))) {
            return Sql.number(connection, "SELECT count(*) FROM revocation");
        }
    }

    @Test
    void backupHasTheRevocations() {
        logged.expect(RESTORED);
        Path backup = folder.resolve("backup.db");
        try (EventLog log = Logs.open(data())) {
            done(log.keep(ALICE));
            LogBackup.write(data(), backup);
        }
        LogRestore.install(backup, folder.resolve("restored"));

        try (EventLog log = Logs.open(folder.resolve("restored"))) {
            assertThat(log.revocations()).containsExactly(ALICE);
        }
    }

    @Test
    void restoreKeepsTheRevocationsAfterTheBackup() {
        logged.expect(RESTORED);
        Path backup = folder.resolve("backup.db");
        Revocation longer = new Revocation(ALICE.target(), NOW, NOW.plus(9, ChronoUnit.DAYS));
        try (EventLog log = Logs.open(data())) {
            done(log.keep(ALICE));
            LogBackup.write(data(), backup);
            done(log.keep(longer));
            done(log.keep(TOKEN));
        }
        LogRestore.install(backup, data());

        try (EventLog log = Logs.open(data())) {
            assertThat(log.revocations()).containsExactlyInAnyOrder(longer, TOKEN);
        }
    }

    @Test
    void damagedRevocationLosesNoOther() throws Exception {
        logged.expect("The log's file is damaged");
        logged.expect("Revocations of the log are lost");
        try (EventLog log = Logs.open(data())) {
            Logs.append(log, 2);
            done(log.keep(ALICE));
            done(log.keep(TOKEN));
        }
        insertDamaged();

        try (EventLog log = Logs.open(data())) {
            assertThat(log.revocations()).containsExactlyInAnyOrder(ALICE, TOKEN);
        }
        assertThat(logged.lines()).anyMatch(line -> line.contains("kept=2 lost=2"));
        assertThat(rows()).isEqualTo(2);
    }

    private void insertDamaged() throws Exception {
        try (var connection = ConnectionSource.sqlite().open(data().resolve("herald.db"))) {
            Sql.execute(
                    connection,
                    "INSERT INTO revocation (kind, value, since, until) VALUES (-1, 'x', 0, " + Long.MAX_VALUE
                            + "), (1, '', 0, " + Long.MAX_VALUE + ")");
        }
    }

    @Test
    void restoreKeepsTheReadableRevocationsOfADamagedLog() throws Exception {
        logged.expect(RESTORED);
        logged.expect("Revocations of the log are lost");
        Path backup = folder.resolve("backup.db");
        try (EventLog log = Logs.open(data())) {
            Logs.append(log, 2);
            LogBackup.write(data(), backup);
            done(log.keep(ALICE));
        }
        insertDamaged();
        LogRestore.install(backup, data());

        try (EventLog log = Logs.open(data())) {
            assertThat(log.revocations()).containsExactly(ALICE);
        }
    }

    @Test
    void rescueKeepsTheRevocations() throws Exception {
        logged.expect("The log's file is damaged");
        try (EventLog log = Logs.open(data())) {
            Logs.append(log, 2);
            done(log.keep(ALICE));
        }
        Files.createFile(data().resolve("herald.db.damaged"));

        try (EventLog log = Logs.open(data())) {
            assertThat(log.revocations()).containsExactly(ALICE);
        }
    }
}
