package dev.herald.bench;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.herald.browser.Chromium;

/** Benchmark of the client page: load time of each view, and frame times of the list while events arrive. */
class PageBench {
    private static final Path RESULTS = Path.of("target", "bench");
    private static final Scale SCALE = Scale.current();
    private static final Report REPORT =
            new Report("The client page", "./mvnw -Pbench verify -Dit.test=PageBench", SCALE);

    @RegisterExtension
    static final Chromium CHROMIUM = new Chromium();

    @Test
    void loads() throws Exception {
        new ViewLoadTime(REPORT, SCALE, RESULTS, CHROMIUM).measure();
    }

    @Test
    void frameRateWhileWatching() throws Exception {
        new WatchFrameTime(REPORT, SCALE, RESULTS, CHROMIUM).measure();
    }

    @AfterAll
    static void report() throws IOException {
        REPORT.write(RESULTS, "page");
    }
}
