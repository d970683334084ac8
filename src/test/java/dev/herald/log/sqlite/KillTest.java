package dev.herald.log.sqlite;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.Patience;
import dev.herald.Rounds;
import dev.herald.event.Event;
import dev.herald.log.CapturedErrors;
import dev.herald.log.EventLog;
import dev.herald.log.Page;

import static org.assertj.core.api.Assertions.assertThat;

/** Kills a publishing process repeatedly: no acknowledged update is lost, duplicated or reordered. */
class KillTest {
    private static final int ROUNDS = Rounds.of(10, 50);
    private static final long KEPT = 1_000_000;

    @RegisterExtension
    final CapturedErrors logged = new CapturedErrors("dev.herald.log");

    @TempDir
    Path directory;

    @Test
    void acknowledgedUpdatesSurviveRepeatedKillsOnceAndInOrder() throws Exception {
        long seed = System.nanoTime();
        System.out.println("KillTest seed=" + seed);
        Random random = new Random(seed);
        Map<String, Long> answered = new LinkedHashMap<>();

        for (int round = 0; round < ROUNDS; round++) {
            int before = answered.size();
            publishAndKill(random.nextInt(2_000), answered);
            assertThat(answered).as("answers, seed=%d", seed).hasSizeGreaterThan(before);
        }

        try (EventLog log = Logs.open(directory)) {
            List<Page> pages = Logs.pages(log, 0, Logs.ALL);
            Map<String, Long> found = new LinkedHashMap<>();
            for (Event event : Logs.events(pages)) {
                assertThat(found.put(event.id().value(), event.position()))
                        .as("%s is stored once, seed=%d", event.id(), seed)
                        .isNull();
            }
            assertThat(found).as("seed=%d", seed).containsAllEntriesOf(answered);
            assertThat(List.copyOf(found.values())).isSorted();
            assertThat(Logs.hasGap(pages, 0))
                    .as("no reader gets a gap, seed=%d", seed)
                    .isFalse();
        }
    }

    /** Runs a publisher, kills it after this many acknowledgements, and records all that it printed. */
    private void publishAndKill(int answers, Map<String, Long> answered) throws IOException, InterruptedException {
        Process publisher = new ProcessBuilder(KilledPublisher.command(directory, directory, KEPT))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(publisher.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> read = new ArrayList<>();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                read.add(line);
                if (read.size() == answers + 1) {
                    // Not with the process's own method, which would close the stream and drop its content.
                    publisher.toHandle().destroyForcibly();
                }
            }
            for (String line : read) {
                String[] words = line.split(" ");
                assertThat(words).as(line).hasSize(2);
                assertThat(answered.put(words[1], Long.parseLong(words[0]))).isNull();
            }
        } finally {
            publisher.destroyForcibly();
            assertThat(publisher.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        }
    }
}
