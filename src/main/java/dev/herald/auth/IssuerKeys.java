package dev.herald.auth;

import java.security.Key;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

import org.jboss.logging.Logger;

import dev.herald.stats.KeyStats;
import dev.herald.stats.TokenRejection;

/**
 * Cache of the public keys that an issuer publishes. It fetches them
 *
 * <ul>
 *   <li>when a token names an unknown key; the token waits for the result;
 *   <li>when they are older than {@link #FRESH}; the known keys stay in use meanwhile;
 *   <li>when they are older than {@link #OLD}, after a period without tokens; the token waits for the result.
 * </ul>
 *
 * <p>One fetch runs at a time, whatever tokens name, and {@link #PAUSE} separates two. If the issuer cannot be reached,
 * the known keys stay in use. Thread-safe; the lock guards a few fields, and no I/O is done under it. Decision 042.
 */
final class IssuerKeys implements KeySource {
    /** From the end of one fetch to the start of the next, at least. */
    static final Duration PAUSE = Duration.ofSeconds(5);

    /** Age at which keys are fetched again in the background. */
    static final Duration FRESH = Duration.ofMinutes(10);

    /** Age at which tokens wait for the keys to be fetched again. */
    static final Duration OLD = FRESH.multipliedBy(2);

    private static final Logger LOG = Logger.getLogger(IssuerKeys.class);

    private final JwksClient issuer;
    private final Set<Algorithm> accepted;
    private final Clock clock;

    private final AtomicLong succeeded = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    /** Written under the lock. */
    private volatile State state = new State(IssuerKeySet.EMPTY, Optional.empty(), Optional.empty(), false);

    /** Guarded by this; null while no fetch runs. */
    private CompletableFuture<Void> running;

    /** @param accepted the algorithms for which keys are used; asymmetric */
    IssuerKeys(JwksClient issuer, Set<Algorithm> accepted, Clock clock) {
        this.issuer = issuer;
        this.accepted = accepted;
        this.clock = clock;
    }

    /**
     * Result of the fetches so far.
     *
     * @param keys by the last fetch that succeeded
     * @param fetched end of that fetch
     * @param ended end of the last fetch
     * @param failed whether the last fetch failed
     */
    private record State(IssuerKeySet keys, Optional<Instant> fetched, Optional<Instant> ended, boolean failed) {

        CompletionStage<List<Key>> find(Algorithm algorithm, Optional<String> keyId) {
            List<Key> found = keys.matching(algorithm, keyId);
            if (found.isEmpty() && (failed || fetched.isEmpty())) {
                return CompletableFuture.failedStage(new VerificationUnavailableException(
                        "The keys of the token's issuer cannot be fetched. Try again later."));
            }
            if (found.isEmpty()) {
                return CompletableFuture.failedStage(new InvalidTokenException(
                        TokenRejection.UNKNOWN_KEY, "The token's issuer does not publish the key that signed it."));
            }
            if (found.size() > 1 && keyId.isEmpty()) {
                return CompletableFuture.failedStage(new InvalidTokenException(
                        TokenRejection.UNKNOWN_KEY,
                        "The token's issuer has several keys, and the token's header does not name one ('kid')."));
            }
            return CompletableFuture.completedStage(found);
        }
    }

    @Override
    public void prepare() {
        fetchIfDue();
    }

    @Override
    public CompletionStage<List<Key>> find(Algorithm algorithm, Optional<String> keyId) {
        State now = state;
        boolean known = !now.keys().matching(algorithm, keyId).isEmpty();
        if (known && !hasPassed(FRESH, now.fetched())) {
            return now.find(algorithm, keyId);
        }
        Optional<CompletableFuture<Void>> fetch = fetchIfDue();
        if (fetch.isEmpty() || known && (now.failed() || !hasPassed(OLD, now.fetched()))) {
            return state.find(algorithm, keyId);
        }
        return fetch.get().thenCompose(ended -> state.find(algorithm, keyId));
    }

    @Override
    public KeyStats stats() {
        return KeyStats.fetched(state.fetched(), succeeded.get(), failures.get());
    }

    /** The running fetch, or a new one; empty if it is too early for a new one. */
    private Optional<CompletableFuture<Void>> fetchIfDue() {
        CompletableFuture<Void> started = new CompletableFuture<>();
        State afterError;
        synchronized (this) {
            if (running != null || !hasPassed(PAUSE, state.ended())) {
                return Optional.ofNullable(running);
            }
            afterError = new State(state.keys(), state.fetched(), state.ended(), true);
            running = started;
        }
        try {
            CompletableFuture.completedFuture(issuer)
                    .thenCompose(JwksClient::fetch)
                    .thenApply(json -> IssuerKeySet.parse(json, accepted))
                    .handle(this::next)
                    .whenComplete((next, error) -> end(error == null ? next : afterError));
        } catch (RuntimeException | Error e) {
            end(afterError);
        }
        return Optional.of(started);
    }

    private State next(IssuerKeySet keys, Throwable failure) {
        Optional<Instant> now = Optional.of(clock.instant());
        if (failure != null) {
            if (!state.failed()) {
                LOG.warnf(
                        "The issuer's keys cannot be fetched. Known keys stay in use. url=%s reason=%s",
                        issuer, failure instanceof CompletionException ? failure.getCause() : failure);
            }
            return new State(state.keys(), state.fetched(), now, true);
        }
        boolean changed = state.failed()
                || state.fetched().isEmpty()
                || keys.isEmpty() != state.keys().isEmpty();
        if (changed && keys.isEmpty()) {
            LOG.warnf("The issuer publishes no key for an accepted algorithm. url=%s algorithms=%s", issuer, accepted);
        } else if (changed) {
            LOG.infof("The issuer's keys were fetched. url=%s", issuer);
        }
        return new State(keys, now, now, false);
    }

    /**
     * Must run whatever happens: otherwise the waiting tokens and all later fetches wait for ever. Allocates nothing.
     */
    private void end(State next) {
        CompletableFuture<Void> ended;
        synchronized (this) {
            (next.failed() ? failures : succeeded).incrementAndGet();
            state = next;
            ended = running;
            running = null;
        }
        ended.complete(null);
    }

    /** A clock that was set back delays no fetch. */
    private boolean hasPassed(Duration duration, Optional<Instant> since) {
        return since.map(then -> Duration.between(then, clock.instant()))
                .map(age -> age.isNegative() || age.compareTo(duration) >= 0)
                .orElse(true);
    }
}
