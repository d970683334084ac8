package dev.herald.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.netty.channel.EventLoopGroup;

import dev.herald.Patience;

/** One run of a {@link LoadPlan}. Used by one thread. */
final class LoadRun {
    private static final Duration HEAD_START = Duration.ofMillis(200);

    /** Together more than the kernel buffers for a socket whose peer does not read. */
    private static final int BULK_MESSAGES = 150;

    private static final int BULK_BYTES = 64 << 10;

    /** Unique, so that no event of an earlier run belongs to its history. */
    private final String topic = "bench-" + System.nanoTime();

    private final String bulk = topic + "-bulk";
    private final LoadPlan plan;
    private final InetSocketAddress server;
    private final EventLoopGroup others;
    private final SubscriberOpener opener;
    private final SubscriberOpener disturbers;
    private final SubscriberGroup group;
    private final SubscriberGroup late;
    private PresenceSubscriber watcher;

    /**
     * @param loop event loop of the measured subscribers
     * @param others event loops of the disturbing ones, separate from it
     */
    LoadRun(LoadPlan plan, EventLoopGroup loop, EventLoopGroup others) {
        this.plan = plan;
        this.others = others;
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), plan.port);
        this.opener = new SubscriberOpener(loop, server);
        this.disturbers = new SubscriberOpener(others, server);
        // The history has its own publisher, the last one.
        this.group = new SubscriberGroup(plan.publishers + 1);
        this.late = new SubscriberGroup(plan.publishers + 1);
    }

    /** Opens the subscribers that are present from the start. */
    void open() throws InterruptedException {
        publishNow(plan.publishers, plan.history, Post.of(path(topic), data()));
        if (plan.http2) {
            opener.openHttp2(plan.subscribers, group, stream(topic));
        } else {
            opener.openHttp1(plan.subscribers, group, i -> stream(plan.ownTopics ? topic + "-own-" + i : topic));
        }
        if (plan.watcher != null) {
            watcher = disturbers.openWatcher(Churn.TOPIC, plan.watcher);
        }
        disturbers.openHttp1(plan.expensive, late, LoadRun::expensive);
        if (plan.slow > 0) {
            disturbers.openStopped(plan.slow, late, stream(topic) + "&topic=" + bulk);
            String data = data();
            publishNow(0, BULK_MESSAGES, Post.of(path(bulk), data + " ".repeat(BULK_BYTES - data.length())));
        }
    }

    private void publishNow(int publisher, int messages, Post post) throws InterruptedException {
        if (messages > 0) {
            try (Publishers publishers = new Publishers(server, publisher, 1, () -> post)) {
                publishers.run(1, Schedule.flatOutMessages(messages));
            }
        }
    }

    /** Publishes to them, and waits until each has each message. */
    LoadResult publish() throws Exception {
        try (Publishers publishers = new Publishers(server, 0, plan.publishers, posts())) {
            publishers.run(plan.publishers, schedule(soon(), plan.warmMillis));
            long warm = publishers.answered();
            awaitDeliveries(group, warm * plan.subscribers);

            long from = soon();
            group.measureFrom(from);
            long serverBefore = cpuMicros(plan.pid);
            long loadBefore = cpuMicros(ProcessHandle.current().pid());
            CompletableFuture<Void> replays = CompletableFuture.runAsync(this::openReplaying);
            long churned = publishDisturbed(publishers, from);
            double publishSeconds = secondsSince(from);
            awaitDeliveries(group, publishers.answered() * plan.subscribers);
            long serverMicros = cpuMicros(plan.pid) - serverBefore;
            double loadShare = (cpuMicros(ProcessHandle.current().pid()) - loadBefore) / 1e6 / secondsSince(from);

            Patience.done(replays);
            awaitDeliveries(late, plan.replaying * (plan.history + publishers.answered()));
            return new LoadResult(
                    group.measured(),
                    (group.lastArrival() - from) / 1e9,
                    publishers.answered() - warm,
                    publishSeconds,
                    serverMicros,
                    loadShare,
                    group.percentile(50),
                    group.percentile(99),
                    churned);
        }
    }

    /** Publishes the measured messages. Returns the number of connections opened and closed meanwhile. */
    private long publishDisturbed(Publishers publishers, long from) throws InterruptedException {
        if (plan.churn == 0) {
            publishers.run(plan.publishers, schedule(from, plan.millis));
            return 0;
        }
        Churn churn = new Churn(others, server, plan.churn);
        publishers.run(plan.publishers, schedule(from, plan.millis));
        long churned = churn.end();
        if (watcher != null) {
            watcher.awaitReports(churned);
        }
        return churned;
    }

    private Schedule schedule(long begin, long millis) {
        return Schedule.at(plan.rate, begin, TimeUnit.MILLISECONDS.toNanos(millis), plan.messages);
    }

    private void openReplaying() {
        try {
            disturbers.openHttp1(plan.replaying, late, i -> stream(topic) + "&lastEventID=earliest");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitDeliveries(SubscriberGroup listeners, long expected) throws InterruptedException {
        if (plan.ownTopics || plan.freshTopics) {
            return;
        }
        long deadline = System.nanoTime() + Patience.LIMIT.toNanos();
        while (listeners.delivered() < expected && System.nanoTime() < deadline) {
            opener.check();
            disturbers.check();
            TimeUnit.MILLISECONDS.sleep(1);
        }
        if (listeners.delivered() != expected || listeners.faults() > 0) {
            throw new AssertionError("Of " + expected + " deliveries " + listeners.delivered() + " came, and "
                    + listeners.faults() + " were missing, doubled or out of order.");
        }
    }

    private Supplier<Post> posts() {
        if (!plan.freshTopics) {
            Post post = Post.of(path(topic), data());
            return () -> post;
        }
        AtomicLong number = new AtomicLong();
        return () -> Post.of(path(topic + "-fresh-" + number.incrementAndGet()), data());
    }

    private static String path(String name) {
        return "/message?topic=" + name;
    }

    private static String stream(String name) {
        return "/SSE?topic=" + name;
    }

    /** A stream with seven templates that no other has; braces as in a URI. */
    private static String expensive(int number) {
        return IntStream.range(0, 7)
                .mapToObj(i -> "topic=" + "%7Ba%7D".repeat(1_000) + "={b" + number + "_" + i + "}")
                .map(template -> template.replace("{", "%7B").replace("}", "%7D"))
                .collect(Collectors.joining("&", "/SSE?", ""));
    }

    private static String data() {
        return "{\"message\":\"" + Marker.blank() + "\"}";
    }

    private static long soon() {
        return System.nanoTime() + HEAD_START.toNanos();
    }

    private static double secondsSince(long time) {
        return (System.nanoTime() - time) / 1e9;
    }

    private static long cpuMicros(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .map(used -> used.toNanos() / 1_000)
                .orElseThrow(() -> new IllegalStateException("The server has ended."));
    }

    /** Closes all subscribers. */
    void leave() {
        opener.leave();
        disturbers.leave();
    }
}
