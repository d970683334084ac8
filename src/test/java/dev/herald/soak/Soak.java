package dev.herald.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import org.awaitility.core.ConditionTimeoutException;

import dev.herald.Patience;

import static dev.herald.Patience.eventually;

/**
 * One run of the soak: starts the hub and its clients, and checks rounds of a minute each, so that a stopped run has
 * results too. The thread that calls {@link #run} owns it.
 *
 * <p>With unlimited retention the order is read by a replay of each round and of the whole log at the end, and no gap
 * may be reported. With limited retention the order is that received by the witness, which is always connected.
 */
final class Soak implements AutoCloseable {
    private static final int PUBLISHERS = 6;
    private static final Duration ROUND = Duration.ofSeconds(60);

    /** Time that a run continues behind its end if it has not seen everything, such as on a busy machine. */
    private static final Duration EXTENSION = Duration.ofMinutes(5);

    private static final int STEP_MILLIS = 200;
    private static final long FEW = 500;

    private final Faults faults = new Faults(fault -> System.out.println("FAULT " + fault));
    private final Tally tally = new Tally();
    private final Ledger ledger = new Ledger();
    private final Gate gate = new Gate();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private final List<Receiver> receivers = new ArrayList<>();
    private final List<Publisher> publishers = new ArrayList<>();
    private final RoundCheck check;
    private final HistoryCheck history;
    private final BatchPublisher batches;
    private final BatchCheck batchCheck;
    private final boolean keepsEverything;
    private final SoakedHub hub;
    private final Publisher bell;
    private final Random random;
    private String lastBellId = Replay.EARLIEST;
    private int round;

    /** @param keepsEverything whether the log retains all updates of the run */
    Soak(long seed, boolean keepsEverything, Path directory) throws Exception {
        this.keepsEverything = keepsEverything;
        random = new Random(seed);
        hub = new SoakedHub(directory, retention(keepsEverything), random, faults);
        for (Kind kind : Kind.all()) {
            Receiver receiver = new Receiver(kind, seed, tally, faults);
            receivers.add(receiver);
            subscribers.add(new Subscriber(
                    receiver, hub.access(), gate, tally, faults, new Random(random.nextLong()), !keepsEverything));
        }
        history = new HistoryCheck(hub.access(), seed, keepsEverything, tally, faults, new Random(random.nextLong()));
        batches = new BatchPublisher(seed, hub.access(), gate, ledger, tally, faults);
        batchCheck = new BatchCheck(seed, faults);
        check = new RoundCheck(receivers, keepsEverything ? RoundLog.EVERYTHING : FEW, tally, faults);
        for (int number = 1; number <= PUBLISHERS; number++) {
            publishers.add(publisher(number, seed));
        }
        bell = publisher(Plan.BELL, seed);
    }

    private Publisher publisher(int number, long seed) {
        return new Publisher(number, seed, hub.access(), gate, ledger, tally, faults);
    }

    private static Map<String, String> retention(boolean keepsEverything) {
        return keepsEverything
                ? Map.of("HERALD_LOG_RETENTION_EVENTS", "1000000000", "HERALD_LOG_RETENTION_BYTES", "64G")
                : Map.of("HERALD_LOG_RETENTION_EVENTS", Long.toString(FEW));
    }

    /** Runs for a time, or until a fatal failure. */
    void run(Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        hub.start();
        subscribers.forEach(threads::submit);
        // After its first block a stream misses nothing (PROTOCOL Q8); streams without one start at the earliest event.
        await("first blocks", () -> receivers.stream()
                .allMatch(receiver ->
                        receiver.begun() || !receiver.kind().surface().signals()));
        publishers.forEach(threads::submit);
        threads.submit(batches);
        threads.submit(new Chaos(hub, gate, faults, new Random(random.nextLong())));
        gate.shut(() -> {});
        while (System.nanoTime() - end < 0 && !gate.over()) {
            awaitEndOfRound(Math.min(end, System.nanoTime() + ROUND.toNanos()));
            gate.shut(this::endRound);
        }
        while (!tally.unseen(keepsEverything).isEmpty()
                && System.nanoTime() - end < EXTENSION.toNanos()
                && !gate.over()) {
            awaitEndOfRound(System.nanoTime() + ROUND.toNanos());
            gate.shut(this::endRound);
        }
        gate.shut(this::finish);
    }

    private void awaitEndOfRound(long time) throws InterruptedException {
        while (System.nanoTime() - time < 0 && !gate.over()) {
            Thread.sleep(STEP_MILLIS);
        }
    }

    /** Called while publishers pause and the hub stays up. */
    private void endRound() throws Exception {
        round++;
        if (gate.over()) {
            return;
        }
        // Before the bell, which is the newest event of all topics.
        history.read();
        long last = bell.publish();
        boolean allThere =
                await("the end of the round", () -> receivers.stream().allMatch(receiver -> receiver.hasReached(last)));
        List<List<Arrival>> arrivals = receivers.stream().map(Receiver::take).toList();
        List<Stored> log = keepsEverything ? replayed(last) : Witness.log(arrivals.get(0));
        check.check(ledger.take(), log, arrivals);
        history.compare(log);
        batchCheck.check(log);
        publishers.forEach(Publisher::startWindow);
        batches.startWindow();
        if (!allThere) {
            gate.end();
        } else {
            probePresence();
        }
        report();
    }

    /** The log of the round. */
    private List<Stored> replayed(long last) throws Exception {
        List<Stored> log = new ArrayList<>();
        Replay.read(hub.access(), faults, lastBellId, last, log::add);
        lastBellId = bell.id(last);
        return log;
    }

    /**
     * A subscription that starts and ends while the hub stays up: each subscriber to presence receives both updates.
     */
    private void probePresence() throws Exception {
        String topic = "probe-" + round;
        List<Receiver> watchers = receivers.stream()
                .filter(receiver -> receiver.kind().seesPresence())
                .toList();
        try (Wire open = hub.access().open("/SSE?topic=" + topic, Map.of())) {
            open.body().read();
            await("active=true of a probe", () -> watchers.stream()
                    .allMatch(watcher -> watcher.presence().saw(topic, true)));
        }
        await("active=false of a probe", () -> watchers.stream()
                .allMatch(watcher -> watcher.presence().saw(topic, false)));
    }

    /** Verifies that a replay of the whole log equals that of all rounds, and that the run has seen what it should. */
    private void finish() throws Exception {
        if (!gate.over()) {
            tally.requireAll(keepsEverything, faults);
        }
        Longs order = check.order();
        if (keepsEverything && order.size() > 0 && !gate.over()) {
            Longs all = new Longs();
            Replay.read(
                    hub.access(),
                    faults,
                    Replay.EARLIEST,
                    order.get(order.size() - 1),
                    event -> all.add(event.attempt()));
            int same = all.samePrefix(order);
            if (same < order.size() || same < all.size()) {
                faults.add(
                        "replay of everything: %d events instead of %d, and the same only until place %d",
                        all.size(), order.size(), same);
            }
        }
        gate.end();
    }

    private boolean await(String what, BooleanSupplier condition) {
        try {
            eventually().until(condition::getAsBoolean);
            return true;
        } catch (ConditionTimeoutException e) {
            faults.add("round %d: %s: waited %s in vain: %s", round, what, Patience.LIMIT, deliveries());
            return false;
        }
    }

    private void report() {
        System.out.printf(
                "soak round=%d log=%d %s %s %s connections=%d faults=%d seen: %s delivered: %s%n",
                round,
                check.order().size(),
                ledger.summary(),
                batches.summary(),
                hub.summary(),
                subscribers.stream().mapToLong(Subscriber::connections).sum(),
                faults.count(),
                tally.summary(),
                deliveries());
    }

    private String deliveries() {
        return receivers.stream().map(Receiver::summary).collect(Collectors.joining(", "));
    }

    /** The faults, and the end of the hub's output if there are any. */
    Optional<String> failure() throws IOException {
        if (faults.count() == 0) {
            return Optional.empty();
        }
        return Optional.of(faults.count() + " faults, the first of them:\n" + String.join("\n", faults.kept())
                + "\nThe end of the hub's output:\n" + hub.lastLines());
    }

    /** Acknowledged updates so far. */
    long acknowledged() {
        return ledger.acknowledged();
    }

    /** Ends the clients, and stops the hub orderly. */
    void end() throws Exception {
        gate.end();
        threads.shutdown();
        if (!threads.awaitTermination(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            faults.add("checker: its clients did not end");
        }
        hub.end();
    }

    @Override
    public void close() {
        gate.end();
        threads.shutdownNow();
        hub.close();
    }
}
