package dev.herald.bench;

/** Deliveries per second when publishers post as fast as they are answered. */
final class SaturationThroughput {
    private static final int SUBSCRIBERS = 1_000;
    private static final int PUBLISHERS = 16;

    private final Report report;
    private final Scale scale;
    private final Testbed testbed;

    SaturationThroughput(Report report, Scale scale, Testbed testbed) {
        this.report = report;
        this.scale = scale;
        this.testbed = testbed;
    }

    void measure() throws Exception {
        Figure many = report.figure("deliveries, 16 publishers without a pause, 1,000 subscribers", "a second")
                .atLeast(3, ServerKind.FLOOR.label);
        Figure one = report.figure("deliveries, one publisher without a pause, 1,000 subscribers", "a second")
                .atLeast(0.8, ServerKind.FLOOR.label);
        for (int i = 0; i < scale.repetitions; i++) {
            for (ServerKind kind : testbed.overHttp1()) {
                many.add(kind, deliveries(kind, PUBLISHERS));
                one.add(kind, deliveries(kind, 1));
            }
        }
        many.note("each publisher posts again as soon as it is answered");
    }

    private double deliveries(ServerKind kind, int publishers) throws Exception {
        LoadResult result = testbed.run(testbed.against(kind)
                .subscribers(SUBSCRIBERS)
                .publishers(publishers)
                .measured(scale.run));
        Progress.report(
                "%,d posts; the load generator used %s of its core, the server %s",
                result.answered(),
                Numbers.text(result.loadShare()),
                Numbers.text(result.serverMicros() / 1e6 / result.seconds()));
        return result.deliveriesASecond();
    }
}
