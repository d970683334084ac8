package dev.herald.web.history;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;

import dev.herald.auth.Grants;
import dev.herald.connection.OpenRequests;
import dev.herald.http.Clients;
import dev.herald.http.ProblemType;
import dev.herald.http.RequestLoop;
import dev.herald.http.RequestRejectedException;
import dev.herald.hub.Hub;
import dev.herald.hub.StartPosition;
import dev.herald.hub.Subscription;
import dev.herald.limit.StreamSlot;
import dev.herald.selector.TopicSelector;
import dev.herald.stream.OutletFactory;
import dev.herald.web.AnswerMemory;
import dev.herald.web.AnswerSender;
import dev.herald.web.RosteredStreams;
import dev.herald.web.RosteredStreams.Visitor;

/**
 * One request for past events: finds its start, reads its events, and waits for them if it may. Its methods are called
 * on the request's event loop; their stages complete on any thread.
 */
final class Reading {
    private static final Logger LOG = Logger.getLogger(Reading.class);

    private final Services services;
    private final Hub hub;
    private final RoutingContext context;
    private final RequestLoop loop;
    private final Client client;
    private final Subscription subscription;
    private final AnswerMemory request;
    private final AnswerMemory answer;
    private StreamSlot slot = StreamSlot.UNLIMITED;
    private long reservedBefore;
    private ChunkReader reader;
    private LongPoll poll;
    /** Read by threads of the log and of history, which must not touch the request. */
    private volatile boolean left;

    /** Steps that use the memory and have not ended. */
    private final AtomicInteger steps = new AtomicInteger();

    /**
     * @param request reserves the heap of the request
     * @param answer reserves the heap of the answer
     */
    Reading(
            Services services,
            RoutingContext context,
            RequestLoop loop,
            Client client,
            Subscription subscription,
            AnswerMemory request,
            AnswerMemory answer) {
        this.services = services;
        this.hub = services.hub;
        this.context = context;
        this.loop = loop;
        this.client = client;
        this.subscription = subscription;
        this.request = request;
        this.answer = answer;
    }

    /**
     * Releases everything. Call it when the response has ended. Idempotent. Memory that a step uses is released at its
     * end: the step may wait for a thread, and many clients may disconnect meanwhile.
     */
    void leave() {
        left = true;
        if (poll != null) {
            poll.leave();
        }
        slot.close();
        releaseIfUnused();
    }

    /**
     * Runs a step that uses the memory, which is kept until it has ended. Fails if the client has disconnected.
     *
     * @param step its stage must complete
     */
    private <T> CompletionStage<T> keepingMemory(Supplier<CompletionStage<T>> step) {
        steps.incrementAndGet();
        CompletionStage<T> running;
        try {
            if (left) {
                throw new IllegalStateException("The client has disconnected.");
            }
            running = step.get();
        } catch (RuntimeException | Error e) {
            stepEnded();
            throw e;
        }
        boolean followed = false;
        try {
            CompletionStage<T> kept = running.whenComplete((done, failure) -> stepEnded());
            followed = true;
            return kept;
        } finally {
            // An Error, for lack of memory: nothing else would end the step.
            if (!followed) {
                stepEnded();
            }
        }
    }

    private void stepEnded() {
        steps.decrementAndGet();
        releaseIfUnused();
    }

    private void releaseIfUnused() {
        if (left && steps.get() == 0) {
            request.close();
            answer.close();
        }
    }

    /** Whether its selectors or grants are matched on the thread that all such streams share. */
    boolean isExpensive() {
        return TopicSelector.expensive(subscription.selectors()) || TopicSelector.expensive(subscription.grants());
    }

    /**
     * Takes a place among the streams of the client, whose requests have a budget of their own.
     *
     * @throws RequestRejectedException if it has as many as it may have
     */
    void occupySlot() {
        if (slot != StreamSlot.UNLIMITED) {
            return;
        }
        StreamSlot taken = services.clients.openStream(context.request(), client.grants);
        taken.rejection().ifPresent(sentence -> {
            throw new RequestRejectedException(
                    ProblemType.TOO_MANY_STREAMS,
                    sentence
                            + " A long answer, a request with 'wait', and one with expensive topics are streams, too:"
                            + " close one, or retry later.");
        });
        slot = taken;
        OpenRequests.close(context.request());
        if (left) {
            slot.close();
        }
    }

    /**
     * Reserves heap for each chunk of a long answer, until its end: so one that has begun fails only for events that are
     * larger than a chunk.
     *
     * @throws RequestRejectedException if the heap has no room
     */
    void reserveChunk(int bytes) {
        reservedBefore = (long) ChunkReader.COPIES * bytes;
        if (!answer.grow(reservedBefore)) {
            throw new RequestRejectedException(
                    ProblemType.OVERLOADED,
                    "The hub has too little memory for another long answer at the moment. Retry later.");
        }
    }

    /** The first chunk. Fails with a {@link RequestRejectedException} if the start cannot be found. */
    CompletionStage<Chunk> first(int maxEvents, int fullBytes) {
        return keepingMemory(() -> hub.find(subscription, services.threads, this::disconnected)
                .thenCompose(start -> begin(start, maxEvents, fullBytes)));
    }

    /** A failure as the client gets it. Logs why the log could not be read. */
    private Throwable rejection(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RequestRejectedException || disconnected()) {
            return cause;
        }
        LOG.warn("A request for past events was rejected, since they could not be read from the log.", cause);
        return unreadable();
    }

    private static RequestRejectedException unreadable() {
        return new RequestRejectedException(
                ProblemType.LOG_UNAVAILABLE, "The events could not be read. Retry when the log is available again.");
    }

    private CompletionStage<Chunk> begin(StartPosition start, int maxEvents, int fullBytes) {
        if (start instanceof StartPosition.At at) {
            return read(at, maxEvents, fullBytes).thenApply(chunk -> at.lost() ? chunk.afterGap() : chunk);
        }
        throw unreadable();
    }

    private CompletionStage<Chunk> read(StartPosition.At start, int maxEvents, int fullBytes) {
        reader = new ChunkReader(
                hub.scan(subscription, start, services.threads), answer, reservedBefore, this::disconnected);
        return keepingMemory(() -> reader.next(maxEvents, fullBytes))
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(rejection(failure)));
    }

    private boolean disconnected() {
        return left;
    }

    /** Reads on after the last chunk, and passes the next one or the failure to the receiver, on the loop. */
    void more(int maxEvents, int fullBytes, BiConsumer<Chunk, Throwable> receiver) {
        keepingMemory(() -> reader.next(maxEvents, fullBytes).whenCompleteAsync(receiver, loop));
    }

    /** The first chunk that is not empty: this one, or one within this time; then an empty one. */
    CompletionStage<Chunk> orWait(Chunk chunk, Duration wait, int maxEvents, int fullBytes) {
        return orWaitUntil(System.nanoTime() + wait.toNanos(), chunk, maxEvents, fullBytes);
    }

    private CompletionStage<Chunk> orWaitUntil(long end, Chunk chunk, int maxEvents, int fullBytes) {
        if (!chunk.isEmpty()) {
            return CompletableFuture.completedStage(chunk);
        }
        Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
        return CompletableFuture.completedStage(chunk.through())
                .thenComposeAsync(after -> poll(after, left), loop)
                .thenCompose(wake -> switch (wake.cause()) {
                    case REJECTED -> throw rejected();
                    case ELAPSED -> CompletableFuture.completedStage(Chunk.empty(wake.reached()));
                    case ENDED ->
                        valid()
                                ? read(StartPosition.after(wake.reached()), maxEvents, fullBytes)
                                : CompletableFuture.completedStage(Chunk.empty(wake.reached()));
                    case EVENT ->
                        // It is empty if the event was deleted meanwhile.
                        read(StartPosition.after(wake.reached()), maxEvents, fullBytes)
                                .thenCompose(next -> orWaitUntil(end, next, maxEvents, fullBytes));
                });
    }

    private CompletionStage<LongPoll.Wake> poll(long after, Duration wait) {
        if (disconnected()) {
            // Never completes: the client has disconnected.
            return new CompletableFuture<>();
        }
        if (!valid()) {
            return CompletableFuture.completedStage(new LongPoll.Wake(LongPoll.Cause.ELAPSED, after));
        }
        occupySlot();
        // From now on the hub accounts for the request, as for a stream.
        request.close();
        poll = new LongPoll(loop, after);
        return poll.begin(services.streams, client.visitor, OutletFactory.loop(context), waiting(), wait);
    }

    /** Subscription of the stream that waits: its start is known, and it needs none of the hub's own blocks. */
    private Subscription waiting() {
        return new Subscription(
                subscription.selectors(),
                subscription.grants(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                subscription.expiry(),
                subscription.payload(),
                subscription.requestBytes());
    }

    private RequestRejectedException rejected() {
        return hub.draining()
                ? new RequestRejectedException(
                        ProblemType.LOG_UNAVAILABLE, "The hub is shutting down. Retry after 1 s.")
                : new RequestRejectedException(
                        ProblemType.OVERLOADED,
                        "The hub has as many streams and waiting requests as it allows. Retry later, or without"
                                + " 'wait'.");
    }

    private boolean valid() {
        return client.grants
                        .expiry()
                        .filter(end -> !Instant.now().isBefore(end))
                        .isEmpty()
                && !services.streams.revoked(client.visitor);
    }

    /** Whether a long answer must end early; its client continues after its last position. */
    boolean mustEnd() {
        return hub.draining() || !valid();
    }

    /** The document with a chunk. */
    CompletionStage<HistoryPage> page(Chunk chunk, AnswerSender sender) {
        return keepingMemory(() -> CompletableFuture.supplyAsync(
                () -> new HistoryPage(chunk, cursor(chunk.through()), sender, answer), services.threads));
    }

    /** Cursor of a position. */
    String cursor(long position) {
        return hub.cursor(position);
    }

    /** What each request uses. */
    record Services(Hub hub, Clients clients, RosteredStreams streams, HistoryThreads threads) {}

    /** Who has sent the request. */
    record Client(Grants grants, Visitor visitor) {}
}
