package dev.herald.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** Time from the start of a process to its first response. */
final class StartTime {
    private final Report report;
    private final Scale scale;
    private final Path directory;
    private final Path results;

    StartTime(Report report, Scale scale, Path directory, Path results) {
        this.report = report;
        this.scale = scale;
        this.directory = directory;
        this.results = results;
    }

    void measure() throws Exception {
        Figure start = report.figure("from the start of the JVM to the first answer", "s")
                .atMost(1.5);
        for (int i = 0; i < scale.repetitions; i++) {
            start.run(firstAnswer(() -> Server.hubOnAllCores(
                    results.resolve("starting.log"),
                    Server.fileLog(Files.createTempDirectory(directory, "starting")))));
            start.baseline("on one core", firstAnswer(() -> ServerKind.HERALD
                    .start(directory, results)
                    .orElseThrow()));
            start.baseline(
                    ServerKind.NAIVE.label + " on one core",
                    firstAnswer(() -> ServerKind.NAIVE.start(directory, results).orElseThrow()));
        }
        start.note("the answer is to a post; on %d cores, unless said", Cores.COUNT);
    }

    private static double firstAnswer(Start start) throws IOException {
        long begin = System.nanoTime();
        try (Server server = start.server()) {
            HttpURLConnection post = (HttpURLConnection)
                    new URL("http", "127.0.0.1", server.address().getPort(), "/message?topic=bench").openConnection();
            post.setDoOutput(true);
            post.setRequestProperty("Content-Type", "application/json");
            post.getOutputStream().write('1');
            assertThat(post.getResponseCode()).isEqualTo(HttpURLConnection.HTTP_OK);
            return (System.nanoTime() - begin) / 1e9;
        }
    }

    /** Starts a server. */
    @FunctionalInterface
    private interface Start {
        Server server() throws IOException;
    }
}
