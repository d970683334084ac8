package dev.herald.bench;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.herald.Patience;
import dev.herald.auth.TokenMint;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Latency of a few subscribers of a topic with a steady publishing rate, while 10,000 others are connected. It is
 * measured undisturbed, during repeated requests for all active subscriptions, and while 1,000 streams a second start
 * and end, each reported.
 */
final class PresenceLatency {
    private static final int IDLE = 10_000;
    private static final int LISTENERS = 100;
    private static final int A_SECOND = 20;
    private static final int CHURN_A_SECOND = 1_000;
    private static final double MOST = 2;
    private static final String UNDISTURBED = "undisturbed";
    private static final String SUBSCRIPTIONS = "/.well-known/mercure/subscriptions";
    private static final String TOKEN = TokenMint.wellKnown()
            .token("{\"mercure\":{\"subscribe\":[\"" + SUBSCRIPTIONS + "{/topic}{/subscriber}\"]}}");

    private final Report report;
    private final Scale scale;
    private final Path results;

    PresenceLatency(Report report, Scale scale, Path results) {
        this.report = report;
        this.scale = scale;
        this.results = results;
    }

    void measure() throws Exception {
        Figure listed =
                report.figure("p99 while subscriptions are requested", "ms").atMost(MOST, UNDISTURBED);
        Figure churning = report.figure("p99 while 1,000 streams a second start and end", "ms")
                .atMost(MOST, UNDISTURBED);
        Figure responses = report.figure("time of a response with 10,000 subscriptions, median", "ms");
        try (Cores.Pinned cores = Cores.pinThisProcess();
                Server hub = Server.hub(
                        results.resolve("presence.log"),
                        "herald.log.kind=memory",
                        "herald.subscriptions.events=true",
                        "herald.auth.subscriber.key=" + TokenMint.WELL_KNOWN_SECRET);
                Load idle = Load.start();
                Load load = Load.start()) {
            idle.open(LoadPlan.against(hub).subscribers(IDLE).ownTopics());
            Progress.report("%,d streams are open", IDLE);
            warmUp(hub, load);
            long churned = 0;
            for (int i = 0; i < scale.repetitions; i++) {
                listed.baseline(UNDISTURBED, load.run(listening(hub)).p99());
                listed.run(whileListing(hub, load, listening(hub), responses).p99());
                churning.baseline(UNDISTURBED, load.run(listening(hub)).p99());
                LoadResult result = load.run(churning(hub));
                churning.run(result.p99());
                churned += result.churned();
            }
            churning.note(
                    "%,d streams started and ended, each reported once at its start and once at its end", churned);
            listed.note("%d listeners, %d updates a second, %s", LISTENERS, A_SECOND, cores.note());
        }
    }

    private LoadPlan listening(Server hub) {
        return LoadPlan.against(hub).subscribers(LISTENERS).rate(A_SECOND).measured(scale.run);
    }

    private LoadPlan churning(Server hub) {
        return listening(hub).churn(CHURN_A_SECOND).watchedWith(TOKEN);
    }

    private static LoadResult whileListing(Server hub, Load load, LoadPlan plan, Figure responses) throws Exception {
        AtomicBoolean listing = new AtomicBoolean(true);
        CompletableFuture<List<Double>> times = CompletableFuture.supplyAsync(() -> list(hub, listing));
        LoadResult result = load.run(plan);
        listing.set(false);
        responses.run(Numbers.median(Patience.done(times)));
        return result;
    }

    /** Warms up the compiled code of all measurements. */
    private void warmUp(Server hub, Load load) throws Exception {
        AtomicBoolean listing = new AtomicBoolean(true);
        CompletableFuture<List<Double>> times = CompletableFuture.supplyAsync(() -> list(hub, listing));
        load.run(churning(hub).measured(scale.run.multipliedBy(2)));
        listing.set(false);
        Patience.done(times);
    }

    private static List<Double> list(Server hub, AtomicBoolean listing) {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + hub.address().getPort() + SUBSCRIPTIONS))
                .header("Authorization", "Bearer " + TOKEN)
                .build();
        List<Double> millis = new ArrayList<>();
        while (listing.get() || millis.isEmpty()) {
            long begin = System.nanoTime();
            HttpResponse<String> answer = Patience.done(client.sendAsync(request, BodyHandlers.ofString()));
            millis.add((System.nanoTime() - begin) / 1e6);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body().split("\"active\":true", -1)).hasSizeGreaterThan(IDLE);
        }
        return millis;
    }
}
