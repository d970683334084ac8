package dev.herald.http;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import dev.herald.limit.BodyMeter;
import dev.herald.logging.SafeLogger;
import dev.herald.memory.Reservation;
import dev.herald.memory.SlowInputs;

/** Reception of one request body: its checks, parsing, deadline and outcome. Belongs to the request's event loop. */
final class BodyReading<T> {
    private static final SafeLogger LOG = SafeLogger.of(BodyReading.class);

    /** Time after which an incomplete body is slow: its memory is bounded with that of the others. */
    private static final long SLOW_MILLIS = 1_000;

    /** Time of parsing after which other tasks of the event loop run. */
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final String IDENTITY = "identity";

    /** Failures after the end of the body, which its answer reports by itself. */
    private static final Handler<Throwable> IGNORE = failure -> {};

    private final Vertx vertx;
    private final long limit;
    private final long deadlineMillis;
    private final Set<BodyReading<?>> incomplete;
    private final SlowInputs slow;
    private final HttpServerRequest request;
    private final BodyParser<T> parser;
    private final BodyMeter meter;
    private final Reservation head;
    private final UniEmitter<? super T> emitter;
    private long received;
    /** Time of parsing since other tasks of the event loop ran. */
    private long parsingNanos;

    private boolean done;
    private long timer = -1;
    /** Memory of the body and of the head, once it is slow. */
    private List<SlowInputs.Entry> entries = List.of();

    /** Context of the request's loop, while the body is incomplete. */
    private Context loop;

    /**
     * @param limit of the body, in bytes
     * @param deadlineMillis for the whole body; from 1,000
     * @param incomplete bodies of which a part has not arrived yet; thread-safe
     */
    BodyReading(
            Vertx vertx,
            long limit,
            long deadlineMillis,
            Set<BodyReading<?>> incomplete,
            SlowInputs slow,
            HttpServerRequest request,
            BodyParser<T> parser,
            BodyMeter meter,
            Reservation head,
            UniEmitter<? super T> emitter) {
        this.vertx = vertx;
        this.limit = limit;
        this.deadlineMillis = deadlineMillis;
        this.incomplete = incomplete;
        this.slow = slow;
        this.request = request;
        this.parser = parser;
        this.meter = meter;
        this.head = head;
        this.emitter = emitter;
    }

    void start() {
        if (rejectsHead()) {
            return;
        }
        request.handler(this::append);
        request.endHandler(ended -> complete());
        request.exceptionHandler(failure -> failIncomplete());
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
        request.resume();
        if (request.response().closed()) {
            // Ended while its token was verified; no event reports that again. Buffered bytes, perhaps the whole
            // body, are delivered first.
            vertx.runOnContext(afterwards -> failIncomplete());
        }
        if (!done) {
            loop = vertx.getOrCreateContext();
            incomplete.add(this);
            timer = vertx.setTimer(Math.min(SLOW_MILLIS, deadlineMillis), late -> becomeSlow());
        }
    }

    private void becomeSlow() {
        timer = vertx.setTimer(
                Math.max(1, deadlineMillis - SLOW_MILLIS),
                late -> fail(
                        ProblemType.INCOMPLETE_BODY,
                        "The body did not arrive within " + deadlineMillis
                                + " ms: send it faster, or raise herald.publish.body-timeout."));
        if (sharesBudgetWithHead()) {
            entries = List.of(entry(parser.memory(), head.bytes()));
        } else {
            entries = List.of(entry(parser.memory(), 0), entry(head, 0));
        }
        slow.relieve();
    }

    private boolean sharesBudgetWithHead() {
        return parser.memory().budget() == head.budget();
    }

    private SlowInputs.Entry entry(Reservation memory, long more) {
        return slow.add(memory.budget(), memory.bytes() + more, this::rejectSinceItIsSlow);
    }

    /** Called on any thread. */
    private void rejectSinceItIsSlow() {
        loop.runOnContext(now -> fail(
                ProblemType.OVERLOADED,
                "The body arrives slowly, and the hub needs its memory for others: send it faster, or in smaller"
                        + " requests. Retry after 1 s."));
    }

    /** The memory of the body has changed. */
    private void resized() {
        if (!entries.isEmpty()) {
            entries.get(0).resize(parser.memory().bytes() + (sharesBudgetWithHead() ? head.bytes() : 0));
        }
        slow.relieve();
    }

    private boolean rejectsHead() {
        // A list may be in several fields (RFC 9110 §5.3).
        boolean coded = request.headers().getAll(HttpHeaders.CONTENT_ENCODING).stream()
                .anyMatch(coding -> !coding.isBlank() && !IDENTITY.equalsIgnoreCase(coding.strip()));
        if (coded) {
            fail(
                    ProblemType.UNSUPPORTED_MEDIA_TYPE,
                    "The body is compressed ('Content-Encoding'), which is not supported: send it as it is.");
            return true;
        }
        String announced = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (announced != null && Long.parseLong(announced) > limit) {
            rejectSize();
            return true;
        }
        return false;
    }

    /** {@link BodyReader#rejectIncomplete}. Thread-safe. */
    void rejectSinceTheHubStops() {
        loop.runOnContext(now -> fail(
                ProblemType.LOG_UNAVAILABLE,
                "The hub stops before the body has arrived: nothing was published. Retry after 1 s."));
    }

    private void failIncomplete() {
        fail(ProblemType.INCOMPLETE_BODY, "The body ended before all of it had arrived: send it again.");
    }

    private void append(Buffer part) {
        if (done) {
            return;
        }
        received += part.length();
        if (received > limit) {
            rejectSize();
            return;
        }
        long begin = System.nanoTime();
        feedOrFail(part);
        parsingNanos += System.nanoTime() - begin;
        if (!done && parsingNanos > TURN_NANOS) {
            yieldToOtherTasks();
        }
    }

    /** Vert.x only logs a failure of this handler: the body would go on without the part. */
    private void feedOrFail(Buffer part) {
        try {
            meter.bytes(part.length());
            parser.feed(part);
        } catch (Throwable e) {
            fail(e);
            return;
        }
        resized();
    }

    private void yieldToOtherTasks() {
        request.pause();
        vertx.runOnContext(later -> {
            parsingNanos = 0;
            request.resume();
        });
    }

    private void rejectSize() {
        fail(
                ProblemType.BODY_TOO_LARGE,
                "The body is larger than the " + limit
                        + " bytes that are accepted: send less, or raise herald.publish.max-body.");
    }

    private void complete() {
        if (done) {
            return;
        }
        T item;
        try {
            item = parser.end();
        } catch (Throwable e) {
            // Even an OutOfMemoryError fails only this request.
            fail(e);
            return;
        }
        if (end()) {
            entries.forEach(SlowInputs.Entry::end);
            release();
            emitter.complete(item);
        }
    }

    /** The request may live as long as a stream, and must not keep the result for that time. */
    private void release() {
        request.handler(null);
        request.endHandler(null);
        request.exceptionHandler(IGNORE);
    }

    private void fail(ProblemType type, String detail) {
        fail(new RequestRejectedException(type, detail));
    }

    private void fail(Throwable reason) {
        if (finish()) {
            emitter.fail(reason);
            entries.forEach(SlowInputs.Entry::end);
            // If it was for lack of memory, the next request shall find some.
            slow.relieve();
        }
    }

    private boolean finish() {
        boolean first = end();
        if (first) {
            parser.close();
        }
        return first;
    }

    private boolean end() {
        if (done) {
            return false;
        }
        done = true;
        if (timer >= 0) {
            incomplete.remove(this);
            vertx.cancelTimer(timer);
        }
        endMeter();
        return true;
    }

    /** The result must be emitted even if the heap is full. */
    private void endMeter() {
        try {
            meter.end();
        } catch (Throwable e) {
            LOG.error("An answer lacks what its body has cost.", e);
        }
    }
}
