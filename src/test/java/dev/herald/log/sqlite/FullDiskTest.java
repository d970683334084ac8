package dev.herald.log.sqlite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.SmallDisk;
import dev.herald.event.Event;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;
import dev.herald.log.LogStorageFullException;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

/** Tests of the log on a real, small file system that is full. */
class FullDiskTest {
    private static final String DATA = "x".repeat(10_000);

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    @TempDir
    Path disk;

    private SmallDisk mounted;

    @BeforeEach
    void mount() {
        mounted = SmallDisk.mount(disk, 8);
    }

    @AfterEach
    void unmount() {
        if (mounted != null) {
            mounted.close();
        }
    }

    @Test
    void fullDiskRejectsUpdatesButNotReadsUntilSpaceIsFree() throws Exception {
        logged.expect("The log rejects updates. There is no space left for the log in");
        Path ballast = mounted.ballast(4);
        List<Event> answered = new ArrayList<>();

        try (EventLog log = Logs.open(disk.resolve("log"))) {
            fill(log, answered);
            assertThat(log.writable()).isFalse();
            assertThat(Logs.events(Logs.pages(log, 0, Logs.ALL))).isEqualTo(answered);
            assertThat(done(log.find(answered.get(0).id(), List.of()))).contains(answered.get(0));

            Files.delete(ballast);

            eventually().until(log::writable);
            answered.add(done(log.append(Logs.update("news", DATA))));
            assertThat(Logs.events(Logs.pages(log, 0, Logs.ALL))).isEqualTo(answered);
        }
        try (EventLog log = Logs.open(disk.resolve("log"))) {
            assertThat(Logs.events(Logs.pages(log, 0, Logs.ALL))).isEqualTo(answered);
        }
    }

    @Test
    void diskThatIsFullAtTheStartIsReported() throws Exception {
        List<Event> answered;
        try (EventLog log = Logs.open(disk.resolve("log"))) {
            answered = Logs.append(log, 10);
        }
        Path ballast = mounted.fill();

        assertThatThrownBy(() -> Logs.open(disk.resolve("log")))
                .isInstanceOf(EventLogException.class)
                .hasMessageContaining("Verify that its disk has space");

        Files.delete(ballast);
        try (EventLog log = Logs.open(disk.resolve("log"))) {
            assertThat(Logs.events(Logs.pages(log, 0, Logs.ALL))).isEqualTo(answered);
        }
    }

    private static void fill(EventLog log, List<Event> answered) {
        for (int i = 0; i < 10_000; i++) {
            try {
                answered.add(done(log.append(Logs.update("news", DATA))));
            } catch (CompletionException e) {
                assertThat(e).hasCauseInstanceOf(LogStorageFullException.class);
                assertThat(e.getCause()).hasMessageContaining("There is no space left for the log in");
                return;
            }
        }
        fail("The disk was never full.");
    }
}
