package dev.herald.bench;

/** Latency under disturbances: stalled readers, short-lived streams, replays, other topics, and expensive templates. */
final class DisturbanceLatency {
    private static final String UNDISTURBED = "undisturbed";
    private static final int FEW = 10;
    private static final int LIVE = 1_000;
    private static final double RATE = 50;
    private static final double CALM_RATE = 10;
    private static final int CHURN = 5_000;
    private static final int HISTORY = 10_000;
    private static final int EXPENSIVE = 300;

    private final Report report;
    private final Scale scale;
    private final Testbed testbed;

    DisturbanceLatency(Report report, Scale scale, Testbed testbed) {
        this.report = report;
        this.scale = scale;
        this.testbed = testbed;
    }

    void measure() throws Exception {
        freshTopics();
        stoppedReaders();
        comersAndGoers();
        replays();
        expensiveTemplates();
    }

    private void freshTopics() throws Exception {
        String few = "with " + FEW + " subscribers";
        Figure fresh = report.figure(
                        String.format(
                                "time to publish to a fresh topic, %,d subscribers on topics of their own",
                                scale.subscribers),
                        "µs")
                .atMost(1.2, few);
        for (int i = 0; i < scale.repetitions; i++) {
            fresh.run(fresh(scale.subscribers).microsAPost());
            fresh.baseline(few, fresh(FEW).microsAPost());
        }
    }

    private LoadResult fresh(int subscribers) throws Exception {
        return testbed.run(
                against().subscribers(subscribers).ownTopics().freshTopics().measured(scale.run));
    }

    private void stoppedReaders() throws Exception {
        int stopped = scale.subscribers / 100;
        Figure slow = report.figure(
                        String.format("latency p99 while 1 %% of %,d stop reading", scale.subscribers), "ms")
                .atMost(1.2, UNDISTURBED);
        LoadPlan others = against()
                .subscribers(scale.subscribers - stopped)
                .rate(CALM_RATE)
                .measured(scale.run);
        testbed.warm("stopped readers", () -> others.slow(stopped));
        for (int i = 0; i < scale.repetitions; i++) {
            slow.baseline(UNDISTURBED, testbed.run(others.slow(0)).p99());
            slow.run(testbed.run(others.slow(stopped)).p99());
        }
        slow.note("those who stop had 10 MB to read before, so their sockets are full; 10 messages a second");
    }

    private void comersAndGoers() throws Exception {
        Figure churn = report.figure("latency p99 while 5,000 connections a second come and go", "ms")
                .atMost(2, UNDISTURBED);
        testbed.warm("comers and goers", () -> live(against()).churn(CHURN));
        for (int i = 0; i < scale.repetitions; i++) {
            churn.baseline(UNDISTURBED, testbed.run(live(against())).p99());
            LoadResult churned = testbed.run(live(against()).churn(CHURN));
            churn.run(churned.p99());
            churn.note(
                    "run %d: %,.0f connections a second, the server used %s of its core",
                    i + 1,
                    churned.churned() / churned.publishSeconds(),
                    Numbers.text(churned.serverMicros() / 1e6 / churned.seconds()));
        }
        churn.note("%,d subscribers, %.0f messages a second", LIVE, RATE);
    }

    private void replays() throws Exception {
        Figure replay = report.figure(
                        String.format("latency p99 while %,d replay 10,000 events each", scale.replaying), "ms")
                .atMost(2, UNDISTURBED);
        testbed.warm("replays", () -> live(against()).replaying(scale.replaying, HISTORY));
        for (int i = 0; i < scale.repetitions; i++) {
            replay.baseline(UNDISTURBED, testbed.run(live(against())).p99());
            replay.run(testbed.run(live(against()).replaying(scale.replaying, HISTORY))
                    .p99());
        }
        replay.note("%,d subscribers who keep up, %.0f messages a second", LIVE, RATE);
    }

    private void expensiveTemplates() throws Exception {
        Figure expensive = report.figure(
                        String.format("latency p99 while %,d idle streams have seven templates of 4 KB", EXPENSIVE),
                        "ms")
                .atMost(2, UNDISTURBED);
        testbed.warm("expensive templates", () -> live(against()).expensive(EXPENSIVE));
        for (int i = 0; i < scale.repetitions; i++) {
            expensive.baseline(UNDISTURBED, testbed.run(live(against())).p99());
            expensive.run(testbed.run(live(against()).expensive(EXPENSIVE)).p99());
        }
        expensive.note("%,d subscribers to a topic by name, %.0f messages a second", LIVE, RATE);
    }

    private LoadPlan against() {
        return testbed.against(ServerKind.HERALD);
    }

    private LoadPlan live(LoadPlan plan) {
        return plan.subscribers(LIVE).rate(RATE).measured(scale.run);
    }
}
