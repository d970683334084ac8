package dev.herald.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * CPU time of hubs that differ in one thing: the histogram of delivery times, tracing, and limits of clients. Two hubs
 * take turns under the same load; the pairs of successive runs are compared.
 */
final class Overhead {
    private static final int PAIRS_A_REPETITION = 2;
    private static final int MANY = 1_000;
    private static final double RATE = 200;
    private static final int FEW = 10;
    private static final double POSTS = 1_000;

    /** Rounds for the JIT compilers, which share the server's core. */
    private static final int WARMING = 3;

    /** Limits that no load here reaches. */
    private static final String[] LIMITS = {
        "herald.limits.address.updates-per-second=1000000",
        "herald.limits.address.bytes-per-second=1000000000",
        "herald.limits.address.streams=1000000",
        "herald.limits.address.connections=1000000"
    };

    private final Report report;
    private final Scale scale;
    private final Path directory;
    private final Path results;

    Overhead(Report report, Scale scale, Path directory, Path results) {
        this.report = report;
        this.scale = scale;
        this.directory = directory;
        this.results = results;
    }

    void measure() throws Exception {
        Path without = WithoutHistogram.copyOf(Server.HUB.getParent(), directory.resolve("without-histogram"));
        try (Load load = Load.start();
                SpanSink sink = new SpanSink();
                Server plain = hub("plain", Server.HUB);
                Server unmeasured = hub("unmeasured", without.resolve(Server.HUB.getFileName()));
                Server traced = hub("traced", Server.HUB, sink.settings());
                Server limited = hub("limited", Server.HUB, LIMITS)) {
            Pairs pairs = new Pairs(load);
            pairs.warm(List.of(plain, unmeasured, traced, limited));
            pairs.compare("the histogram of delivery times", plain, unmeasured);
            pairs.compare("tracing of each update", traced, plain);
            pairs.compare("limits of each address", limited, plain);
            report.figure("batches of spans that the collector received", "")
                    .atLeast(1)
                    .run(sink.exports());
        }
    }

    private Server hub(String name, Path jar, String... settings) throws IOException {
        List<String> all = new ArrayList<>(List.of(Server.fileLog(Files.createTempDirectory(directory, name))));
        all.addAll(List.of(settings));
        return Server.hub(jar, results.resolve("overhead-" + name + ".log"), all.toArray(String[]::new));
    }

    /** Runs of two hubs in turn. */
    private final class Pairs {
        private static final String WITHOUT = "without";

        private final Load load;

        Pairs(Load load) {
            this.load = load;
        }

        void warm(List<Server> servers) throws IOException {
            for (Server server : servers) {
                for (int i = 0; i < WARMING; i++) {
                    Progress.report(
                            "warming up: %s µs a delivery, %s µs a POST",
                            Numbers.text(microsADelivery(server)), Numbers.text(microsAPost(server)));
                }
            }
        }

        void compare(String what, Server with, Server without) throws IOException {
            Figure delivery = report.figure(
                    String.format("CPU a delivery with %s, %,d subscribers, %.0f messages a second", what, MANY, RATE),
                    "µs");
            Figure post = report.figure(
                    String.format("CPU a POST with %s, %,d subscribers, %,.0f a second", what, FEW, POSTS), "µs");
            for (int i = 0; i < PAIRS_A_REPETITION * scale.repetitions; i++) {
                delivery.run(microsADelivery(with));
                delivery.baseline(WITHOUT, microsADelivery(without));
                post.run(microsAPost(with));
                post.baseline(WITHOUT, microsAPost(without));
            }
        }

        private double microsADelivery(Server server) throws IOException {
            return load.run(LoadPlan.against(server)
                            .subscribers(MANY)
                            .rate(RATE)
                            .measured(scale.run))
                    .microsADelivery();
        }

        private double microsAPost(Server server) throws IOException {
            LoadResult result = load.run(LoadPlan.against(server)
                    .subscribers(FEW)
                    .rate(POSTS)
                    .publishers(FEW)
                    .measured(scale.run));
            return result.serverMicros() / result.answered();
        }
    }
}
