package dev.herald.log.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.event.Update;
import dev.herald.log.EventLog;
import dev.herald.log.Position;
import dev.herald.log.Retention;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** What the files take on the disk follows what is kept. */
class RetentionTest {
    private static final long KEPT_BYTES = 4 << 20;

    /** Write-ahead log, its index and the pages that may stay free, in bytes. */
    private static final long ALLOWANCE_BYTES = 20 << 20;

    @TempDir
    Path directory;

    @Test
    void theFilesStayWithinTwiceWhatIsKeptHoweverMuchPasses() throws Exception {
        Random random = new Random(7);
        try (EventLog log = Logs.open(directory, Retention.of(1_000_000, KEPT_BYTES))) {
            for (int i = 0; i < 40_000; i++) {
                Update update = Logs.update("news", "x".repeat(random.nextInt(2_000)));
                var answer = log.append(update);
                if (i % 500 == 0) {
                    done(answer);
                    assertThat(size()).isLessThan(2 * KEPT_BYTES + ALLOWANCE_BYTES);
                }
            }
        }
        assertThat(size()).as("after a good end").isLessThan(2 * KEPT_BYTES);
    }

    @Test
    void theFilesShrinkWhenLessIsKept() throws Exception {
        try (EventLog log = Logs.open(directory)) {
            for (int i = 0; i < 20_000; i++) {
                var answer = log.append(Logs.update("news", "x".repeat(1_000)));
                if (i % 5_000 == 4_999) {
                    done(answer);
                }
            }
        }
        assertThat(size()).isGreaterThan(20 << 20);

        try (EventLog log = Logs.open(directory, Retention.of(100, 1L << 30))) {
            eventually().until(() -> log.horizon() == Position.kept(19_900));
            eventually().until(() -> freePages() <= 256);
        }

        assertThat(size()).isLessThan(3 << 20);
    }

    private long freePages() throws Exception {
        try (var connection = ConnectionSource.sqlite().open(directory.resolve("herald.db"))) {
            return Sql.number(connection, "PRAGMA freelist_count");
        }
    }

    private long size() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
