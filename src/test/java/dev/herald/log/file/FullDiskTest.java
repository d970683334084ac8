package dev.herald.log.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.Patience;
import dev.herald.event.Event;
import dev.herald.log.EventLog;
import dev.herald.log.EventLogException;
import dev.herald.log.LogStorageFullException;

import static dev.herald.Patience.done;
import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

/** Fills a real, small file system under the log. */
class FullDiskTest {
    private static final String DATA = "x".repeat(10_000);

    @TempDir
    Path disk;

    private boolean mounted;

    @BeforeEach
    void mountASmallDisk() throws Exception {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk.toString());
        if (!mounted) {
            String reason = "No small file system can be mounted here, so a full disk is not tested: run it as root.";
            System.err.println("WARNING: " + reason);
            if (System.getenv("CI") != null) {
                fail(reason);
            }
            Assumptions.abort(reason);
        }
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", "-l", disk.toString())).isTrue();
        }
    }

    @Test
    void refusesUntilThereIsSpaceAgainAndGoesOnReading() throws Exception {
        Path ballast = disk.resolve("ballast");
        Files.write(ballast, new byte[4 << 20]);
        List<Event> answered = new ArrayList<>();

        try (EventLog log = Logs.open(disk.resolve("log"))) {
            fill(log, answered);
            assertThat(log.writable()).isFalse();
            assertThat(Logs.events(Logs.pages(log, 0, Logs.ALL))).isEqualTo(answered);
            assertThat(done(log.find(answered.get(0).id()))).contains(answered.get(0));

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
    void aDiskThatIsFullAtTheStartIsTold() throws Exception {
        List<Event> answered;
        try (EventLog log = Logs.open(disk.resolve("log"))) {
            answered = Logs.append(log, 10);
        }
        Path ballast = fillWithBallast();

        assertThatThrownBy(() -> Logs.open(disk.resolve("log")))
                .isInstanceOf(EventLogException.class)
                .hasMessageContaining("See whether its disk has space");

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

    private Path fillWithBallast() throws IOException {
        byte[] page = new byte[4_096];
        Path ballast = disk.resolve("ballast");
        try (var out = Files.newOutputStream(ballast)) {
            for (int i = 0; i < 100_000; i++) {
                out.write(page);
            }
            return fail("The disk was never full.");
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
            return ballast;
        }
    }

    private static boolean run(String... command) throws Exception {
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            return process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }
}
