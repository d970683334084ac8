package dev.herald.bench;

/** CPU cost and latency of a delivery, at rates below saturation. */
final class FanningOut {
    private static final String LATENESS = "latency is counted from the time a message was to be published at";

    private final Report report;
    private final Scale scale;
    private final Field field;

    FanningOut(Report report, Scale scale, Field field) {
        this.report = report;
        this.scale = scale;
        this.field = field;
    }

    void measure() throws Exception {
        int many = scale.subscribers;
        Figure busy = report.figure("CPU a delivery, 1,000 subscribers, 200 messages a second", "µs")
                .atMost(1.3, Contender.FLOOR.label);
        Figure calm = report.figure("CPU a delivery, 1,000 subscribers, 50 messages a second", "µs")
                .atMost(2, Contender.FLOOR.label);
        Figure crowd = report.figure(String.format("CPU a delivery, %,d subscribers, 10 messages a second", many), "µs")
                .atMost(1.3, Contender.FLOOR.label);
        Figure half = report.figure(String.format("latency p50, %,d subscribers, 10 messages a second", many), "ms");
        Figure most = report.figure(String.format("latency p99, %,d subscribers, 10 messages a second", many), "ms")
                .atMost(1.5, Contender.FLOOR.label);
        for (int i = 0; i < scale.repetitions; i++) {
            for (Contender contender : field.contenders()) {
                busy.add(contender, run(contender, 1_000, 200).microsADelivery());
                calm.add(contender, run(contender, 1_000, 50).microsADelivery());
                LoadResult result = run(contender, many, 10);
                crowd.add(contender, result.microsADelivery());
                half.add(contender, result.p50());
                most.add(contender, result.p99());
            }
        }
        most.note(LATENESS);
    }

    private LoadResult run(Contender contender, int subscribers, double rate) throws Exception {
        return field.run(
                field.against(contender).subscribers(subscribers).rate(rate).measured(scale.run));
    }
}
