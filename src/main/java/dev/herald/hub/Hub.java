package dev.herald.hub;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

import io.netty.util.concurrent.EventExecutor;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.MatchBudget;
import dev.herald.event.Matching;
import dev.herald.event.TopicFilter;
import dev.herald.event.TopicSelector;
import dev.herald.event.Update;
import dev.herald.log.EventLog;
import dev.herald.memory.HeapShares;

/**
 * The hub of this node: takes updates to the log, and events from the log to every open stream. Thread-safe.
 *
 * <p>What the log announces, the one thread that announces it passes to a {@code BroadcastProcessor} with one subscriber
 * for each {@link Lane}, so that a publish costs one task a lane, whatever the number of streams.
 */
public final class Hub implements AutoCloseable {
    /** What looking for the newest event that a reader may know of may cost: some milliseconds. */
    private static final long LAST_EVENT_UNITS = 5_000_000;

    private static final Logger LOG = Logger.getLogger(Hub.class);

    private final EventLog log;
    private final SseConfig config;
    private final Admission admission;
    private final Presence presence;
    private final Signals signals;
    private final Replay replay;
    private final StartLookup starts;
    private final BroadcastProcessor<Long> doorbell = BroadcastProcessor.create();
    private final Map<EventExecutor, Lane> lanes = new ConcurrentHashMap<>();
    private final LongAdder acceptedOpen = new LongAdder();
    private final LongAdder acceptedHidden = new LongAdder();
    private volatile boolean draining;

    /** A hub of which nobody asks who listens to it. */
    public Hub(EventLog log, SseConfig config) {
        this(log, config, Presence.UNKNOWN, HeapShares.of(Runtime.getRuntime().maxMemory(), false));
    }

    /**
     * A hub on a log that nobody else follows; the log stays its owner's to close.
     *
     * @param presence where it enters the active subscriptions
     * @param heap bounds of what its streams and the pages that they read occupy
     */
    public Hub(EventLog log, SseConfig config, Presence presence, HeapShares heap) {
        this.log = log;
        this.config = config;
        this.admission = new Admission(config, heap.streams());
        this.presence = presence;
        this.signals = new Signals(log.cursors(), config.retry());
        this.replay = Replay.of(log, heap);
        this.starts = new StartLookup(log, this::match);
        log.follow(doorbell::onNext);
    }

    /** Publishes an update: {@link EventLog#append} tells when the stage completes, how it fails, and on which thread. */
    public CompletionStage<Event> publish(Update update) {
        CompletionStage<Event> event = log.append(update);
        try {
            // Beside the publisher's stage, not in its way.
            event.thenAccept(accepted -> (accepted.isPrivate() ? acceptedHidden : acceptedOpen).increment());
        } catch (OutOfMemoryError e) {
            // The update is with the log already, and its answer is what matters.
            LOG.debug("An update is missing in the figures.", e);
        }
        return event;
    }

    /**
     * What this node has done since it began, to be compared with what it had done before. Costs a task a lane, and nothing
     * while nobody asks.
     *
     * @return completes on a lane's thread; not at all once the event loops have ended
     */
    public CompletionStage<Activity> activity() {
        Activity accepted = new Activity(counts(acceptedOpen), counts(acceptedHidden));
        return lanes.values().stream()
                .map(Lane::activity)
                .reduce(
                        CompletableFuture.completedStage(accepted),
                        (sum, next) -> sum.thenCombine(next, Activity::plus));
    }

    private static Counts counts(LongAdder accepted) {
        return new Counts(accepted.sum(), 0, new Latencies());
    }

    /**
     * Finds where a stream is to begin: after the event that its subscriber asked to continue from, else where it wants to
     * begin in the past, else after the newest, so that whoever is answered later misses nothing that is published from now
     * on. Never fails: a log that cannot be read, a node that serves as many streams as it may, or one that is about to
     * stop gives {@link Start#LATER}. The caller reserves what the subscription occupies meanwhile.
     *
     * @param steps runs what takes several steps, never within the call: the connection's event loop will do
     * @param gone whether nobody waits for the answer any more
     * @return complete when returned, unless the log has to be asked or expensive grants matched; else completes on a
     *     thread of the log's or of the hub's
     */
    public CompletionStage<Start> locate(Subscription subscription, Executor steps, BooleanSupplier gone) {
        if (full(subscription)) {
            return CompletableFuture.completedStage(Start.LATER);
        }
        return starts.find(subscription, steps, gone);
    }

    /**
     * Finds out the result of a comparison: at once if that is cheap, else on a thread of the hub's own, in turns with
     * the others that are expensive.
     */
    public CompletionStage<Boolean> match(Matching matching) {
        if (matching.advance(new MatchBudget(FanOut.MAX_UNITS))) {
            return CompletableFuture.completedStage(matching.matches());
        }
        CompletableFuture<Boolean> matches = new CompletableFuture<>();
        replay.matcher().run(matching::advance, failure -> {
            if (failure == null) {
                matches.complete(matching.matches());
            } else {
                matches.completeExceptionally(failure);
            }
        });
        return matches;
    }

    private long head() {
        return log.recent().head();
    }

    private boolean full(Subscription next) {
        return draining || !admission.admits(next, lanes.values());
    }

    /**
     * Reports that a stream is rejected since the heap has no room for it, and gives the start of such a stream.
     *
     * @return {@link Start#LATER}
     */
    public Start rejectForNow() {
        admission.warnOfHeap(lanes.values());
        return Start.LATER;
    }

    /**
     * Opens a stream. When it cannot begin now, it is told to come back later and ends at once.
     *
     * @param loop the event loop of the connection; must be the calling thread's
     * @param start from {@link #locate}, taken before the client could see that the stream is open
     * @param outlet where the frames go; its owner tells the subscriber when it is writable again, and when it is gone
     */
    public Subscriber open(EventExecutor loop, Subscription subscription, Start start, Outlet outlet) {
        Lane lane = lanes.computeIfAbsent(loop, this::lane);
        boolean rejected = full(subscription) || !admission.fits(subscription, lanes.values());
        return lane.open(subscription, rejected ? Start.LATER : start, outlet);
    }

    private Lane lane(EventExecutor loop) {
        Lane lane = new Lane(loop, log, replay, signals, presence, admission, config);
        try {
            listen(lane);
        } catch (Throwable e) {
            lane.close();
            throw e;
        }
        // It may have rung while the lane was being made.
        lane.ring();
        return lane;
    }

    /** A subscription that an {@code Error} ended is made again; the lane finds by itself what was announced meanwhile. */
    private void listen(Lane lane) {
        doorbell.subscribe().with(position -> lane.ring(), failure -> {
            LOG.error("An event loop could not be notified of a new event. Its next tick delivers the event.", failure);
            listen(lane);
        });
    }

    /** Whether all event loops that have streams have been seen to turn within this time. */
    public boolean responsive(Duration within) {
        long now = System.nanoTime();
        return lanes.values().stream().allMatch(lane -> now - lane.tickedAt() <= within.toNanos());
    }

    /**
     * Whether streams can begin here: a cursor can be sealed and opened, as the first block of each stream needs.
     *
     * @throws RuntimeException or an {@code Error} with the reason, if not
     */
    public boolean canServe() {
        long position = head();
        return log.cursors().open(log.cursors().seal(position)).orElse(-1) == position;
    }

    /** Who listens on this node. */
    public Presence presence() {
        return presence;
    }

    /**
     * The id of the newest event in the log that a reader with these grants may know of, or {@code earliest}: to continue
     * from it misses nothing. It is {@code earliest} on a hub to which nothing was published, and remains so while all that
     * is published is private, so that it discloses no private event (decision 112). Of a private event that the reader may
     * know of, only a recent one is considered. Looks at the recent events that the reader
     * may not know of, as far as that costs some milliseconds.
     */
    public String lastEventId(List<TopicSelector> grants) {
        long horizon = log.horizon();
        TopicFilter granted = new TopicFilter(grants);
        MatchBudget budget = new MatchBudget(LAST_EVENT_UNITS);
        return log.recent()
                .newest(event -> event.position() > horizon
                        && (budget.exhausted() || granted.permits(event.isPrivate(), event.topics(), budget)))
                .filter(event -> !budget.exhausted())
                .map(Event::id)
                .or(() -> log.recent().newestPublic(horizon))
                .map(EventId::value)
                .orElse(EventId.EARLIEST);
    }

    /** How many streams are open on this node. */
    public int subscribers() {
        return lanes.values().stream().mapToInt(Lane::size).sum();
    }

    /** Whether the hub is about to stop. */
    public boolean draining() {
        return draining;
    }

    /**
     * Ends all streams in good order, after what was accepted so far, spread over {@code period}; new ones are told to
     * come back later. Publishing goes on.
     *
     * @return completes when the last stream is gone
     */
    public CompletionStage<Void> drain(Duration period) {
        draining = true;
        return CompletableFuture.allOf(lanes.values().stream()
                .map(lane -> lane.drain(period).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** Stops all timers. Streams that are still open hear nothing more. */
    @Override
    public void close() {
        lanes.values().forEach(Lane::close);
        replay.matcher().close();
    }
}
