package dev.herald.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jboss.logging.Logger;

import dev.herald.identity.Revocation;
import dev.herald.log.EventLogException;
import dev.herald.log.LogClosedException;
import dev.herald.log.LogIdentity;
import dev.herald.logging.SafeLogger;

/**
 * Thread that reads the shared log and copies it to the mirror of this node, in its order and without a hole. On each
 * connection it verifies that the mirror is a prefix of the shared log; if not, it stops for good.
 *
 * <p>States: following; lost, while the shared log cannot be reached, and tried again; refused, until a person has acted,
 * and tried slowly; ended. Everything but the constructor's fields belongs to the thread, except for what is volatile.
 */
final class Follower implements AutoCloseable {
    private static final long BYTES_A_READ = 1L << 20;

    /** Time between two looks without a ring. Rings are lost only when a connection is. */
    private static final Duration POLL = Duration.ofMillis(250);

    private static final long RETRY_MILLIS = 200;

    /** Time between attempts once a person must act. */
    private static final long SLOW_RETRY_MILLIS = 2_000;

    /** Failures on this node itself, one after the other, after which a person must act. */
    private static final int MAX_OWN_FAILURES = 5;

    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** A connection that is replaced sooner stops no publisher. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final Logger LOG = Logger.getLogger(Follower.class);

    private final SharedLog shared;
    private final MirrorCheck check;
    private final MirrorCopy copy;
    private final Listener listener;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CatchUps catchUps = new CatchUps();
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private final Thread thread = new Thread(this::run, "herald-follower");

    /** Token of the batch at whose end the mirror is; empty if it is not known. */
    private Optional<UUID> token = Optional.empty();

    private long progressAt = System.nanoTime() + PROGRESS_NANOS;

    /** Failures of this node, not of the shared log, since it last followed. */
    private int ownFailures;

    private boolean ended;

    /** Why the shared log cannot be followed now; null if it is. */
    private volatile SharedLogException failure;

    private volatile long lostAt;
    private volatile long sharedHead;
    private volatile boolean refused;
    private volatile boolean closed;

    /** Listener on the follower's thread. May block. */
    interface Listener {
        /**
         * Retention of the shared log has removed entries that this node has not read, orders among them. If this fails,
         * it is repeated.
         *
         * @param kept the revocations that the shared log keeps now
         */
        void overtaken(List<Revocation> kept);

        /** Nothing is read back until a person has acted. */
        void refused();
    }

    /** @param identity of the shared log when this node was opened */
    Follower(SharedLog shared, LogIdentity identity, MirrorCopy copy, Listener listener) {
        this.shared = shared;
        this.check = new MirrorCheck(identity, copy);
        this.copy = copy;
        this.listener = listener;
        thread.setDaemon(true);
    }

    /**
     * Starts the thread, and waits until the mirror has all that the shared log has.
     *
     * @throws EventLogException if the mirror is none of the shared log, or is ahead of it
     */
    void start() {
        thread.start();
        try {
            started.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof EventLogException known
                    ? known
                    : new EventLogException("The shared log cannot be followed.", e.getCause());
        }
    }

    /** {@link dev.herald.log.EventLog#catchUp}. */
    CompletionStage<Boolean> catchUp() {
        return hindrance()
                .<CompletionStage<Boolean>>map(CompletableFuture::failedStage)
                .orElseGet(() -> {
                    CompletionStage<Boolean> reader = catchUps.add();
                    // Again: the thread may have failed those who wait, for the last time, before this one.
                    return hindrance()
                            .<CompletionStage<Boolean>>map(CompletableFuture::failedStage)
                            .orElse(reader);
                });
    }

    private Optional<EventLogException> hindrance() {
        return closed ? Optional.of(new LogClosedException()) : Optional.ofNullable(failure);
    }

    /** Why no update should be appended now, if it should not. */
    Optional<SharedLogException> obstacle() {
        SharedLogException now = failure;
        return now != null && (refused || System.nanoTime() - lostAt > GRACE_NANOS)
                ? Optional.of(now)
                : Optional.empty();
    }

    /** Whether a person must act before this node can follow again. */
    boolean refused() {
        return refused;
    }

    /** Whether the shared log is followed now. */
    boolean connected() {
        return failure == null;
    }

    /** Highest position that this node knows the shared log to have. */
    long sharedHead() {
        return sharedHead;
    }

    /** Ends the thread. */
    @Override
    public void close() {
        closed = true;
        closing.countDown();
        boolean interrupted = false;
        while (thread.isAlive() && Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed && !ended) {
            try {
                connectAndFollow();
            } catch (Throwable e) {
                // Not even the failure could be reported, for lack of memory: without this thread nothing is delivered.
            }
            pause();
        }
        SharedLogException end = failure;
        EventLogException reason = end == null ? new LogClosedException() : end;
        catchUps.failAll(reason);
        started.completeExceptionally(reason);
    }

    private void connectAndFollow() {
        boolean connected = false;
        try (SharedSession session = shared.connect()) {
            connected = true;
            check.verify(session, token);
            follow(session);
        } catch (SharedLogException e) {
            // A refused connection may be accepted later. A mirror that differs may seem right later, and is not.
            lost(e, e.refused(), connected);
        } catch (Throwable e) {
            ownFailures++;
            lost(
                    new SharedLogException(
                            SharedLogException.Kind.LOST,
                            "This node cannot follow the shared log: " + e.getMessage(),
                            e),
                    ownFailures >= MAX_OWN_FAILURES,
                    false);
        }
    }

    /**
     * @param needsPerson whether a person must act
     * @param forGood whether no retry helps then
     */
    private void lost(SharedLogException reason, boolean needsPerson, boolean forGood) {
        if (closed) {
            return;
        }
        boolean firstRefusal = needsPerson && !refused;
        boolean first = failure == null;
        if (first) {
            lostAt = System.nanoTime();
        }
        failure = reason;
        refused |= needsPerson;
        ended = needsPerson && (forGood || !started.isDone());
        catchUps.failAll(reason);
        if (refused) {
            listener.refused();
        }
        if (firstRefusal) {
            if (started.isDone()) {
                SafeLogger.of(Follower.class)
                        .error(
                                "This node no longer follows the shared log, and is not ready: its streams get nothing"
                                        + " new. " + reason.getMessage(),
                                reason.getCause());
            }
        } else if (first) {
            LOG.warnf(
                    "The shared log cannot be followed: what this node has can be read, updates are rejected until it"
                            + " can. reason=%s",
                    reason.getMessage());
        } else {
            LOG.debug("The shared log cannot be followed yet.", reason);
        }
    }

    private void followedAgain() {
        ownFailures = 0;
        if (failure != null) {
            refused = false;
            failure = null;
            LOG.info("The shared log is followed again.");
        }
    }

    private void pause() {
        if (ended) {
            return;
        }
        try {
            closing.await(refused ? SLOW_RETRY_MILLIS : RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Interrupts have no meaning for this thread: close() ends it.
        }
    }

    private void follow(SharedSession session) {
        CatchUps.Ticket before = catchUps.ticket();
        // After the ticket: the shared log has by then what they ask for. It may never pause.
        long goal = session.extent().head();
        while (!closed) {
            List<AppendedBatch> read = session.read(copy.position(), BYTES_A_READ);
            if (!read.isEmpty()) {
                copy(session, read);
            }
            followedAgain();
            if (read.isEmpty() || copy.position() >= goal) {
                sharedHead = Math.max(sharedHead, copy.position());
                started.complete(null);
                before.complete();
                if (read.isEmpty()) {
                    session.awaitRing(POLL);
                }
                before = catchUps.ticket();
                goal = before.isEmpty() ? 0 : session.extent().head();
            }
        }
    }

    private void copy(SharedSession session, List<AppendedBatch> read) {
        long next = copy.position() + 1;
        AppendedBatch first = read.get(0);
        if (first.first() > next) {
            skipRemoved(session, first.first() - 1);
            next = first.first();
        }
        for (AppendedBatch batch : read) {
            if (batch.first() > next) {
                throw hole(next);
            }
            if (batch.events().size() != batch.last() - batch.first() + 1) {
                throw hole(batch);
            }
            next = batch.last() + 1;
        }
        sharedHead = Math.max(sharedHead, next - 1);
        // If this fails, the mirror may end within what was read.
        token = Optional.empty();
        copy.apply(read);
        token = Optional.of(read.get(read.size() - 1).token());
        reportProgress(session);
    }

    private void skipRemoved(SharedSession session, long before) {
        long horizon = session.extent().horizon();
        if (horizon < before) {
            throw hole(copy.position() + 1);
        }
        LOG.infof(
                "Retention of the shared log has removed what follows the mirror of this node: it continues after that,"
                        + " and readers get a gap. mirror=%d horizon=%d",
                copy.position(), before);
        // Before it: if one of them fails, both are repeated.
        listener.overtaken(session.revocations());
        copy.restartAfter(before);
        token = Optional.empty();
    }

    private static SharedLogException hole(long position) {
        return SharedLogException.refused("The shared log has nothing at position " + position
                + ", but others around it: its tables were changed by hand. Restore the database.");
    }

    private static SharedLogException hole(AppendedBatch batch) {
        for (int i = 0; i < batch.events().size(); i++) {
            if (batch.events().get(i).position() != batch.first() + i) {
                return hole(batch.first() + i);
            }
        }
        return hole(batch.first() + batch.events().size());
    }

    private void reportProgress(SharedSession session) {
        if (!started.isDone() && System.nanoTime() - progressAt > 0) {
            progressAt = System.nanoTime() + PROGRESS_NANOS;
            LOG.infof(
                    "Copying the shared log before this node starts. position=%d head=%d",
                    copy.position(), session.extent().head());
        }
    }
}
