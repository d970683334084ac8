package dev.herald.bench;

/** Deliveries per second when publishers post as fast as they are answered. */
final class Saturating {
    private static final int SUBSCRIBERS = 1_000;
    private static final int PUBLISHERS = 16;

    private final Report report;
    private final Scale scale;
    private final Field field;

    Saturating(Report report, Scale scale, Field field) {
        this.report = report;
        this.scale = scale;
        this.field = field;
    }

    void measure() throws Exception {
        Figure many = report.figure("deliveries, 16 publishers without a pause, 1,000 subscribers", "a second")
                .atLeast(3, Contender.FLOOR.label);
        Figure one = report.figure("deliveries, one publisher without a pause, 1,000 subscribers", "a second")
                .atLeast(0.8, Contender.FLOOR.label);
        for (int i = 0; i < scale.repetitions; i++) {
            for (Contender contender : field.overHttp1()) {
                many.add(contender, deliveries(contender, PUBLISHERS));
                one.add(contender, deliveries(contender, 1));
            }
        }
        many.note("each publisher posts again as soon as it is answered");
    }

    private double deliveries(Contender contender, int publishers) throws Exception {
        LoadResult result = field.run(field.against(contender)
                .subscribers(SUBSCRIBERS)
                .publishers(publishers)
                .measured(scale.run));
        Progress.tell(
                "%,d posts; the load generator used %s of its core, the server %s",
                result.answered(),
                Numbers.text(result.loadShare()),
                Numbers.text(result.serverMicros() / 1e6 / result.seconds()));
        return result.deliveriesASecond();
    }
}
