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
import dev.herald.event.Update;
import dev.herald.log.EventLog;
import dev.herald.memory.HeapShares;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.Matching;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;
import dev.herald.stats.EventStats;
import dev.herald.stats.HubStats;

/**
 * Hub of this node: appends updates to the log, and delivers events from the log to open streams. Thread-safe.
 *
 * <p>The log announces its growth on one thread. A {@code BroadcastProcessor} with one subscriber for each {@link Lane}
 * passes it on. So a publish costs one task a lane, whatever the number of streams.
 */
public final class Hub implements AutoCloseable {
    /** Cost limit of the search for the newest event that a reader may read: some milliseconds. */
    private static final long LAST_EVENT_UNITS = 5_000_000;

    private static final Logger LOG = Logger.getLogger(Hub.class);

    private final EventLog log;
    private final SseConfig config;
    private final Admission admission;
    private final SubscriptionListener subscriptions;
    private final ControlFrames signals;
    private final Replay replay;
    private final StartLookup starts;
    private final BroadcastProcessor<Long> doorbell = BroadcastProcessor.create();
    private final Map<EventExecutor, Lane> lanes = new ConcurrentHashMap<>();
    private final LongAdder acceptedOpen = new LongAdder();
    private final LongAdder acceptedHidden = new LongAdder();
    private volatile boolean draining;

    /** A hub without a subscription listener. */
    public Hub(EventLog log, SseConfig config) {
        this(
                log,
                config,
                SubscriptionListener.NONE,
                HeapShares.of(Runtime.getRuntime().maxMemory(), false));
    }

    /**
     * A hub on a log without another follower. The log's owner closes the log.
     *
     * @param subscriptions listener for subscriptions that begin and end
     * @param heap limits on the heap bytes of its streams and their pages
     */
    public Hub(EventLog log, SseConfig config, SubscriptionListener subscriptions, HeapShares heap) {
        this.log = log;
        this.config = config;
        this.admission = new Admission(config, heap.streams());
        this.subscriptions = subscriptions;
        this.signals = new ControlFrames(log.cursors(), config.retry());
        this.replay = Replay.of(log, heap);
        this.starts = new StartLookup(log, this::match);
        log.follow(doorbell::onNext);
    }

    /** Publishes an update. {@link EventLog#append} specifies completion, failures and threads. */
    public CompletionStage<Event> publish(Update update) {
        CompletionStage<Event> event = log.append(update);
        try {
            // A dependent stage, so the publisher's is unaffected.
            event.thenAccept(accepted -> (accepted.isPrivate() ? acceptedHidden : acceptedOpen).increment());
        } catch (OutOfMemoryError e) {
            // The update is already in the log, and the publisher needs its answer.
            LOG.debug("An update is missing in the figures.", e);
        }
        return event;
    }

    /**
     * Statistics of this node since its start, for comparison with an earlier snapshot. Costs a task a lane, and
     * nothing between calls.
     *
     * @return completes on a lane's thread; never once the event loops have ended
     */
    public CompletionStage<HubStats> activity() {
        HubStats accepted = new HubStats(counts(acceptedOpen), counts(acceptedHidden));
        return lanes.values().stream()
                .map(Lane::activity)
                .reduce(
                        CompletableFuture.completedStage(accepted),
                        (sum, next) -> sum.thenCombine(next, HubStats::plus));
    }

    private static EventStats counts(LongAdder accepted) {
        return EventStats.accepted(accepted.sum());
    }

    /**
     * Finds the start position of a stream: after the event that the subscriber asked to resume from, else its
     * requested start in the past, else the newest event. A client that is answered after this call misses no later
     * update.
     *
     * <p>Never fails: {@link StartPosition#RETRY_LATER} if the log cannot be read, the stream limit is reached, or the hub is
     * draining. The caller reserves the heap of the subscription meanwhile.
     *
     * @param steps executor for lookups of several steps, which must not run them within the call; the connection's
     *     event loop is suitable
     * @param gone whether the request was cancelled
     * @return complete when returned, unless the log must be read or expensive grants matched; else completes on a
     *     thread of the log or of the hub
     */
    public CompletionStage<StartPosition> locate(Subscription subscription, Executor steps, BooleanSupplier gone) {
        if (full(subscription)) {
            return CompletableFuture.completedStage(StartPosition.RETRY_LATER);
        }
        return starts.find(subscription, steps, gone);
    }

    /** Evaluates a match: at once if it is cheap, else on a thread of the hub, in turns with other expensive ones. */
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

    private Admission.Usage usage() {
        int subscribers = 0;
        long selectorBytes = 0;
        for (Lane lane : lanes.values()) {
            subscribers += lane.size();
            selectorBytes += lane.selectorBytes();
        }
        return new Admission.Usage(subscribers, selectorBytes);
    }

    private boolean full(Subscription next) {
        return draining || !admission.admits(next, usage());
    }

    /**
     * Reports that a stream is rejected since the heap has no room for it.
     *
     * @return {@link StartPosition#RETRY_LATER}
     */
    public StartPosition reject() {
        admission.warnOfHeap(usage());
        return StartPosition.RETRY_LATER;
    }

    /**
     * Opens a stream. A rejected stream gets a reconnection time and ends at once.
     *
     * @param loop the event loop of the connection; must be the calling thread's
     * @param start result of {@link #locate}, obtained before the client can observe that the stream is open
     * @param outlet destination of the frames; its owner notifies the subscriber when it is writable again or closed
     */
    public Subscriber open(EventExecutor loop, Subscription subscription, StartPosition start, Outlet outlet) {
        Lane lane = lanes.computeIfAbsent(loop, this::lane);
        boolean rejected = full(subscription) || !admission.fits(subscription, usage());
        return lane.open(subscription, rejected ? StartPosition.RETRY_LATER : start, outlet);
    }

    private Lane lane(EventExecutor loop) {
        Lane lane = new Lane(loop, log, replay, signals, subscriptions, admission, config);
        try {
            listen(lane);
        } catch (Throwable e) {
            lane.close();
            throw e;
        }
        // The log may have grown while the lane was created.
        lane.ring();
        return lane;
    }

    /** Subscribes a lane, again after an {@code Error}. The lane's tick finds events announced meanwhile. */
    private void listen(Lane lane) {
        doorbell.subscribe().with(position -> lane.ring(), failure -> {
            LOG.error("An event loop could not be notified of a new event. Its next tick delivers the event.", failure);
            listen(lane);
        });
    }

    /** Whether all event loops with streams have ticked within this time. */
    public boolean responsive(Duration within) {
        long now = System.nanoTime();
        return lanes.values().stream().allMatch(lane -> now - lane.tickedAt() <= within.toNanos());
    }

    /**
     * Whether streams can begin: a cursor can be sealed and opened, as the first block of each stream requires.
     *
     * @throws RuntimeException or an {@code Error} with the reason, if not
     */
    public boolean canServe() {
        long position = head();
        return log.cursors().open(log.cursors().seal(position)).orElse(-1) == position;
    }

    /**
     * Id of the newest event in the log that a reader with these grants may read, or {@code earliest}. Resuming from it
     * misses nothing.
     *
     * <p>It is {@code earliest} while nothing or only private events have been published, so it discloses no private
     * event (decision 112). A private event that the reader may read is considered only while it is recent. Searches
     * the recent events within a cost of some milliseconds.
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

    public int subscribers() {
        return lanes.values().stream().mapToInt(Lane::size).sum();
    }

    /** Whether {@link #drain} has been called. */
    public boolean draining() {
        return draining;
    }

    /**
     * Ends all streams after delivering all accepted events, spread over {@code period}. Rejects new streams with a
     * reconnection time. Publishing continues.
     *
     * @return completes when the last stream has ended
     */
    public CompletionStage<Void> drain(Duration period) {
        draining = true;
        return CompletableFuture.allOf(lanes.values().stream()
                .map(lane -> lane.drain(period).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** Stops all timers. Open streams get no further events. */
    @Override
    public void close() {
        lanes.values().forEach(Lane::close);
        replay.matcher().close();
    }
}
