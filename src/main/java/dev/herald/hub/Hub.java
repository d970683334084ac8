package dev.herald.hub;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

import io.netty.util.concurrent.EventExecutor;
import org.jboss.logging.Logger;

import dev.herald.event.Event;
import dev.herald.event.Receipt;
import dev.herald.event.Update;
import dev.herald.event.UpdateBatch;
import dev.herald.log.EventLog;
import dev.herald.log.LogClosedException;
import dev.herald.memory.HeapShares;
import dev.herald.replay.EventScan;
import dev.herald.replay.NewestReadable;
import dev.herald.replay.Replay;
import dev.herald.selector.Matching;
import dev.herald.selector.TopicSelector;
import dev.herald.stats.AcceptedUpdates;
import dev.herald.stats.HubStats;
import dev.herald.stats.LaneCounter;
import dev.herald.stats.LaneStats;
import dev.herald.stats.PageStats;
import dev.herald.stats.StreamEnd;
import dev.herald.tracing.DeliveryTraces;
import dev.herald.tracing.UpdateTrace;

/**
 * Hub of this node: appends updates to the log, and delivers events from the log to open streams. Thread-safe.
 *
 * <p>The log announces its growth, and {@link Lanes} pass that on to the {@link Lane} of each event loop.
 */
public final class Hub implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Hub.class);

    private final EventLog log;
    private final SseConfig config;
    private final Admission admission;
    private final SubscriptionListener subscriptions;
    private final ControlFrames controlFrames;
    private final Replay replay;
    private final StartLookup starts;
    private final NewestReadable newest;
    private final DeliveryTraces traces = new DeliveryTraces();
    private final Lanes lanes;
    private final TracedAppend traced;
    private final AcceptedUpdates accepted = new AcceptedUpdates();
    private volatile boolean draining;
    private volatile boolean rejectsUpdates;

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
        this.controlFrames = new ControlFrames(log.cursors(), config.retry());
        this.replay = Replay.of(log, heap);
        this.starts = new StartLookup(log, this::match);
        this.newest = new NewestReadable(log);
        this.lanes = new Lanes(log, this::lane);
        this.traced = new TracedAppend(log, traces, lanes::all);
    }

    /** Idle time after which a stream gets a heartbeat. */
    public Duration heartbeat() {
        return config.heartbeat();
    }

    /**
     * Publishes an update. {@link EventLog#append(Update)} specifies completion, failures and threads; after
     * {@link #rejectUpdates} it fails with {@link LogClosedException}.
     */
    public CompletionStage<Event> publish(Update update) {
        if (rejectsUpdates) {
            return CompletableFuture.failedStage(new LogClosedException());
        }
        CompletionStage<Event> event = log.append(update);
        try {
            // A dependent stage, so the publisher's is unaffected.
            event.thenAccept(accepted::count);
        } catch (OutOfMemoryError e) {
            // The update is already in the log, and the publisher needs its answer.
            LOG.debug("An update is missing in the figures.", e);
        }
        return event;
    }

    /** Publishes a batch of updates, as {@link #publish(Update)}; {@link EventLog#append(UpdateBatch)} specifies it. */
    public CompletionStage<Receipt> publish(UpdateBatch batch) {
        return publish(batch, UpdateTrace.NONE);
    }

    /**
     * As {@link #publish(UpdateBatch)}.
     *
     * @param trace follows the batch to the sockets
     */
    public CompletionStage<Receipt> publish(UpdateBatch batch, UpdateTrace trace) {
        if (rejectsUpdates) {
            return CompletableFuture.failedStage(new LogClosedException());
        }
        CompletionStage<Receipt> receipt = trace == UpdateTrace.NONE ? log.append(batch) : traced.append(batch, trace);
        try {
            receipt.thenAccept(stored -> {
                if (!stored.repeated()) {
                    accepted.count(batch.updates());
                }
            });
        } catch (OutOfMemoryError e) {
            LOG.debug("Updates are missing in the figures.", e);
        }
        return receipt;
    }

    /** Statistics of this node since its start, for comparison with an earlier snapshot. Costs the lanes nothing. */
    public HubStats stats() {
        return laneStats().stream().map(LaneStats::snapshot).reduce(accepted.snapshot(), HubStats::plus);
    }

    /** Counters of each event loop that has or had streams. */
    public List<LaneStats> laneStats() {
        return lanes.stats();
    }

    /** Sum of a counter of all event loops. */
    public long total(LaneCounter counter) {
        return laneStats().stream().mapToLong(lane -> lane.get(counter)).sum();
    }

    /** Number of streams that ended for this reason. */
    public long total(StreamEnd reason) {
        return laneStats().stream().mapToLong(lane -> lane.get(reason)).sum();
    }

    /** Number of updates that this node has accepted from publishers. */
    public long accepted() {
        return accepted.total();
    }

    /** Counters of the pages that streams read from the log, those with expensive selectors included. */
    public PageStats pageStats() {
        return replay.pages().stats().plus(replay.expensivePages().stats());
    }

    /** Number of steps of matching expensive selectors that wait for their thread. */
    public int waitingMatches() {
        return replay.matcher().waiting();
    }

    /**
     * Finds the start position of a stream. It is after the event to resume from, else the requested start in the past,
     * else after the newest event. A client that is answered after this call misses no later update.
     *
     * <p>Never fails: {@link StartPosition.RetryLater} if the log cannot be read, the stream limit is reached, or the
     * hub is draining. The caller reserves the heap of the subscription meanwhile.
     *
     * @param steps executor for lookups of several steps, which must not run them within the call; the connection's
     *     event loop is suitable
     * @param cancelled whether the request was cancelled; may be called on any thread
     * @return complete when returned, unless the log must be read or expensive grants matched; else completes on a
     *     thread of the log or of the hub
     */
    public CompletionStage<StartPosition> locate(Subscription subscription, Executor steps, BooleanSupplier cancelled) {
        return rejection(subscription)
                .map(end -> CompletableFuture.<StartPosition>completedStage(new StartPosition.RetryLater(end)))
                .orElseGet(() -> starts.find(subscription, steps, cancelled));
    }

    /**
     * Finds the position at which a reader of past events starts, as {@link #locate} does, but whether or not the hub
     * takes new streams.
     */
    public CompletionStage<StartPosition> find(Subscription subscription, Executor steps, BooleanSupplier cancelled) {
        return starts.find(subscription, steps, cancelled, true);
    }

    /**
     * Scan of the events after a position, up to the newest one at this time; or of those of a snapshot.
     *
     * @param subscription selectors and grants
     * @param steps runs the steps of the scan, never within the call; must not be an event loop, since a step may take
     *     a millisecond
     */
    public EventScan scan(Subscription subscription, StartPosition.At start, Executor steps) {
        return new EventScan(
                log.recent(),
                replay,
                subscription.selectors(),
                subscription.grants(),
                start.position(),
                start.oldest(),
                start.snapshot(),
                steps);
    }

    /** Cursor of a position, from which a reader continues after it. */
    public String cursor(long position) {
        return log.cursors().seal(position);
    }

    /** Evaluates a match: at once if it is cheap, else on a thread of the hub, in turns with other expensive ones. */
    public CompletionStage<Boolean> match(Matching matching) {
        return replay.matcher().match(matching, FanOut.MAX_UNITS);
    }

    private Optional<EndNotice> rejection(Subscription next) {
        return draining ? Optional.of(EndNotice.DRAINING) : admission.rejection(next, lanes.usage());
    }

    /**
     * Reports that a stream is rejected since the heap has no room for it.
     *
     * @return {@link StartPosition#RETRY_LATER}
     */
    public StartPosition rejectForLackOfMemory() {
        admission.warnOfHeap(lanes.usage());
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
        return open(loop, subscription, start, outlet, Subscriber.NOTHING);
    }

    /**
     * As {@link #open(EventExecutor, Subscription, StartPosition, Outlet)}.
     *
     * @param onEnd runs once on the loop when the stream has ended, unless this call fails; must not block or fail
     */
    public Subscriber open(
            EventExecutor loop, Subscription subscription, StartPosition start, Outlet outlet, Runnable onEnd) {
        return lanes.of(loop).open(subscription, startOrRejection(subscription, start), outlet, onEnd);
    }

    private StartPosition startOrRejection(Subscription subscription, StartPosition start) {
        if (start instanceof StartPosition.RetryLater) {
            return start;
        }
        Optional<EndNotice> rejection = rejection(subscription);
        if (rejection.isPresent()) {
            return new StartPosition.RetryLater(rejection.get());
        }
        return admission.fits(subscription, lanes.usage()) ? start : StartPosition.RETRY_LATER;
    }

    private Lane lane(EventExecutor loop) {
        return new Lane(loop, log, replay, controlFrames, subscriptions, admission, config, traces, this::draining);
    }

    /** Whether all event loops with streams have ticked within this time. */
    public boolean responsive(Duration within) {
        return oldestTick().compareTo(within) <= 0;
    }

    /** Time since the last tick of the event loop with streams that ticked longest ago; zero without any. */
    public Duration oldestTick() {
        return lanes.oldestTick();
    }

    /**
     * Whether streams can begin: a cursor can be sealed and opened, as the first block of each stream requires.
     *
     * @throws RuntimeException or an {@code Error} with the reason, if not
     */
    public boolean canServe() {
        long position = log.recent().head();
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
        return newest.id(grants);
    }

    public int subscribers() {
        return lanes.usage().subscribers();
    }

    /** Bytes of the selectors and grants of all streams, by {@link Subscription#selectorBytes}. */
    public long selectorBytes() {
        return lanes.usage().selectorBytes();
    }

    /** Whether {@link #beginDrain} or {@link #drain} has been called. */
    public boolean draining() {
        return draining;
    }

    /** Rejects new streams with a reconnection time from now on. Open ones and publishing continue. */
    public void beginDrain() {
        draining = true;
    }

    /** Rejects further updates. Those accepted before are stored. */
    public void rejectUpdates() {
        rejectsUpdates = true;
    }

    /**
     * Ends all streams after delivering all accepted events, spread over {@code period}. Rejects new streams with a
     * reconnection time. Publishing continues.
     *
     * @return completes when the last stream has ended
     */
    public CompletionStage<Void> drain(Duration period) {
        draining = true;
        return lanes.drain(period);
    }

    /** Stops all timers. Open streams get no further events. */
    @Override
    public void close() {
        lanes.close();
        replay.matcher().close();
    }
}
