package dev.herald.log.sqlite;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.Generation;
import dev.herald.log.Generations;
import dev.herald.log.LogConfig.Durability;
import dev.herald.log.LogIdentity;
import dev.herald.memory.MemoryBudget;

import static dev.herald.Patience.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A damaged mirror is copied again; a damaged log that may be another one is left as it is. */
class DamagedMirrorTest {
    private static final LogIdentity SHARED =
            new LogIdentity(new byte[16], new Generations(List.of(new Generation(7, 0, true))));
    private static final String MARK = "herald.db.damaged";
    private static final String REPLACED = "herald-replaced-1.db";

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    @TempDir
    Path directory;

    private void openMirror() {
        SqliteEventLog.openMirror(
                        directory,
                        SHARED,
                        Durability.COMMIT,
                        Logs.PLENTY,
                        Logs.RECENT_BYTES,
                        MemoryBudget.unlimited(),
                        Clock.systemUTC())
                .close();
    }

    private void mark() throws IOException {
        Files.writeString(directory.resolve(MARK), "found by a test\n");
    }

    @Test
    void damagedMirrorIsSetAsideAndCopiedAgain() throws IOException {
        logged.expect("The mirror of the shared log is damaged");
        openMirror();
        mark();

        openMirror();

        assertThat(directory.resolve(REPLACED)).exists();
    }

    @Test
    void damagedLogOfOneNodeIsNotReplacedByAMirror() throws IOException {
        try (EventLog own = Logs.open(directory)) {
            done(own.append(Logs.update("news", "own")));
        }
        mark();

        assertThatThrownBy(this::openMirror).hasMessageContaining("is not a mirror of the shared log");

        assertThat(directory.resolve(REPLACED)).doesNotExist();
        logged.expect("The log's file is damaged; its readable events are copied into a new one");
        try (EventLog own = Logs.open(directory)) {
            assertThat(Logs.events(Logs.pages(own, 0, Logs.ALL))).hasSize(1);
        }
    }

    @Test
    void damagedLogWhoseKeyCannotBeReadIsNotReplaced() throws IOException {
        openMirror();
        Path database = directory.resolve("herald.db");
        try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
            // All but the header of the file, which makes it a database.
            file.seek(100);
            file.write(new byte[(int) file.length() - 100]);
        }
        byte[] damaged = Files.readAllBytes(database);

        assertThatThrownBy(this::openMirror).hasMessageContaining("it cannot be read whether it is a mirror");

        assertThat(directory.resolve(REPLACED)).doesNotExist();
        assertThat(Files.readAllBytes(database)).isEqualTo(damaged);
    }
}
