package dev.herald.bench;

/** CPU cost and latency of a delivery, at rates below saturation. */
final class DeliveryCost {
    private static final String LATENESS = "latency is counted from the time a message was to be published at";

    private final Report report;
    private final Scale scale;
    private final Testbed testbed;

    DeliveryCost(Report report, Scale scale, Testbed testbed) {
        this.report = report;
        this.scale = scale;
        this.testbed = testbed;
    }

    void measure() throws Exception {
        int many = scale.subscribers;
        Figure busy = report.figure("CPU a delivery, 1,000 subscribers, 200 messages a second", "µs")
                .atMost(1.3, ServerKind.FLOOR.label);
        Figure calm = report.figure("CPU a delivery, 1,000 subscribers, 50 messages a second", "µs")
                .atMost(2, ServerKind.FLOOR.label);
        Figure crowd = report.figure(String.format("CPU a delivery, %,d subscribers, 10 messages a second", many), "µs")
                .atMost(1.3, ServerKind.FLOOR.label);
        Figure half = report.figure(String.format("latency p50, %,d subscribers, 10 messages a second", many), "ms");
        Figure most = report.figure(String.format("latency p99, %,d subscribers, 10 messages a second", many), "ms")
                .atMost(1.5, ServerKind.FLOOR.label);
        for (int i = 0; i < scale.repetitions; i++) {
            for (ServerKind kind : testbed.kinds()) {
                busy.add(kind, run(kind, 1_000, 200).microsADelivery());
                calm.add(kind, run(kind, 1_000, 50).microsADelivery());
                LoadResult result = run(kind, many, 10);
                crowd.add(kind, result.microsADelivery());
                half.add(kind, result.p50());
                most.add(kind, result.p99());
            }
        }
        most.note(LATENESS);
    }

    private LoadResult run(ServerKind kind, int subscribers, double rate) throws Exception {
        return testbed.run(
                testbed.against(kind).subscribers(subscribers).rate(rate).measured(scale.run));
    }
}
