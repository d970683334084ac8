package dev.herald.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** How long it takes from the start of a process to its first answer. */
final class Starting {
    private final Report report;
    private final Scale scale;
    private final Path directory;
    private final Path results;

    Starting(Report report, Scale scale, Path directory, Path results) {
        this.report = report;
        this.scale = scale;
        this.directory = directory;
        this.results = results;
    }

    void measure() throws Exception {
        Figure start =
                report.figure("from the start to the first answer, JVM", "s").atMost(1.5);
        for (int i = 0; i < scale.repetitions; i++) {
            for (Contender contender : List.of(Contender.HERALD, Contender.NAIVE)) {
                start.add(contender, start(contender));
            }
        }
        start.note("on the server's core alone; the answer is to a post");
    }

    private double start(Contender contender) throws IOException {
        long begin = System.nanoTime();
        try (Server server = contender.start(directory, results).orElseThrow()) {
            HttpURLConnection post = (HttpURLConnection)
                    new URL("http", "127.0.0.1", server.address().getPort(), "/message?topic=bench").openConnection();
            post.setDoOutput(true);
            post.setRequestProperty("Content-Type", "application/json");
            post.getOutputStream().write('1');
            assertThat(post.getResponseCode()).isEqualTo(HttpURLConnection.HTTP_OK);
            return (System.nanoTime() - begin) / 1e9;
        }
    }
}
