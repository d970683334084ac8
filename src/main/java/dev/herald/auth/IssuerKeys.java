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

import org.jboss.logging.Logger;

/**
 * The keys that an issuer publishes (RFC 7517 §5). They are fetched anew
 *
 * <ul>
 *   <li>when a token names a key that is not known, and its bearer waits for it;
 *   <li>when they are older than {@link #FRESH}, while the known ones still serve;
 *   <li>when they are older than {@link #OLD}, which they are only if nobody came for a while: then who comes waits.
 * </ul>
 *
 * <p>There is one fetch at a time, which all who wait share, and a pause after it, whatever tokens name. If the issuer cannot
 * be reached, the known keys serve on. May be used by all threads; the lock is never held for longer than a look at the
 * fields. Decision 042.
 */
final class IssuerKeys implements KeySource {
    /** From the end of one fetch to the start of the next, at least. */
    static final Duration PAUSE = Duration.ofSeconds(5);

    /** How long keys serve before they are fetched anew. */
    static final Duration FRESH = Duration.ofMinutes(10);

    /** How long they serve while they are fetched anew. */
    static final Duration OLD = FRESH.multipliedBy(2);

    /** Callers that may wait for a fetch. */
    static final int MAX_WAITING = 1_000;

    private static final Logger LOG = Logger.getLogger(IssuerKeys.class);

    private final KeyFetch fetch;
    private final Set<Algorithm> accepted;
    private final Clock clock;

    /** Written under the lock. */
    private volatile State state = new State(List.of(), Optional.empty(), Optional.empty(), false);

    // Guarded by this.
    private CompletableFuture<Void> running;
    private int waiting;

    /** @param accepted the algorithms that keys are wanted for */
    IssuerKeys(KeyFetch fetch, Set<Algorithm> accepted, Clock clock) {
        this.fetch = fetch;
        this.accepted = accepted;
        this.clock = clock;
    }

    /**
     * What is known.
     *
     * @param keys as of the last fetch that succeeded
     * @param fetched when that was, if ever
     * @param ended when the last fetch ended, if ever
     * @param failed whether the last one failed
     */
    private record State(List<IssuerKey> keys, Optional<Instant> fetched, Optional<Instant> ended, boolean failed) {

        List<Key> matching(Algorithm algorithm, Optional<String> keyId) {
            return keys.stream()
                    .filter(key -> key.matches(algorithm, keyId))
                    .map(IssuerKey::key)
                    .toList();
        }
    }

    @Override
    public void prepare() {
        fetchIfDue();
    }

    @Override
    public CompletionStage<List<Key>> find(Algorithm algorithm, Optional<String> keyId) {
        State now = state;
        boolean known = !now.matching(algorithm, keyId).isEmpty();
        if (known && !passed(FRESH, now.fetched())) {
            return find(now, algorithm, keyId);
        }
        Optional<CompletableFuture<Void>> news = fetchIfDue();
        if (known && (now.failed() || !passed(OLD, now.fetched()))) {
            return find(now, algorithm, keyId);
        }
        if (news.isEmpty()) {
            return find(state, algorithm, keyId);
        }
        if (!mayWait()) {
            return CompletableFuture.failedStage(new VerificationUnavailableException(
                    "Too many wait for the keys of the token's issuer to be fetched: try again in a moment."));
        }
        return news.get().thenCompose(done -> find(state, algorithm, keyId));
    }

    private CompletionStage<List<Key>> find(State state, Algorithm algorithm, Optional<String> keyId) {
        List<Key> found = state.matching(algorithm, keyId);
        if (found.isEmpty()) {
            return CompletableFuture.failedStage(missing(state));
        }
        if (found.size() > 1 && keyId.isEmpty()) {
            return CompletableFuture.failedStage(
                    new InvalidTokenException(
                            "The token does not say which of its issuer's keys it was signed with: name it in the header ('kid')."));
        }
        return CompletableFuture.completedStage(found);
    }

    private static RuntimeException missing(State state) {
        return state.failed() || state.fetched().isEmpty()
                ? new VerificationUnavailableException(
                        "The keys of the token's issuer cannot be fetched at this moment: try again a little later.")
                : new InvalidTokenException("The token was signed with a key that its issuer does not publish.");
    }

    private synchronized boolean mayWait() {
        return waiting++ < MAX_WAITING;
    }

    /** The running fetch, or a new one; empty if it is too early for a new one. */
    private Optional<CompletableFuture<Void>> fetchIfDue() {
        CompletableFuture<Void> begun;
        synchronized (this) {
            if (running != null || !passed(PAUSE, state.ended())) {
                return Optional.ofNullable(running);
            }
            begun = new CompletableFuture<>();
            running = begun;
            waiting = 0;
        }
        try {
            fetch.keys().thenApply(json -> IssuerKey.set(json, accepted)).whenComplete(this::end);
        } catch (RuntimeException | Error e) {
            end(List.of(), e);
        }
        return Optional.of(begun);
    }

    /** Ends the fetch whatever happens: all who wait for it, and the next fetch, would wait for ever. */
    private void end(List<IssuerKey> keys, Throwable failure) {
        State next = new State(state.keys(), state.fetched(), state.ended(), true);
        try {
            next = failure == null ? renewed(keys) : failed(failure);
        } finally {
            CompletableFuture<Void> ended;
            synchronized (this) {
                state = next;
                ended = running;
                running = null;
            }
            ended.complete(null);
        }
    }

    private State renewed(List<IssuerKey> keys) {
        boolean changed = state.failed() || state.fetched().isEmpty() || !keys.equals(state.keys());
        if (changed && keys.isEmpty()) {
            LOG.warnf("The issuer has no key for an algorithm that is accepted. url=%s algorithms=%s", fetch, accepted);
        } else if (changed) {
            LOG.infof("The issuer's keys were fetched. url=%s keys=%d", fetch, keys.size());
        }
        Optional<Instant> now = Optional.of(clock.instant());
        return new State(keys, now, now, false);
    }

    private State failed(Throwable failure) {
        Throwable reason = failure instanceof CompletionException ? failure.getCause() : failure;
        if (!state.failed()) {
            LOG.warnf(
                    "The issuer's keys cannot be fetched; those that are known serve on. url=%s keys=%d reason=%s",
                    fetch, state.keys().size(), reason);
        }
        return new State(state.keys(), state.fetched(), Optional.of(clock.instant()), true);
    }

    /** A clock that was set back makes no one wait. */
    private boolean passed(Duration duration, Optional<Instant> since) {
        return since.map(then -> Duration.between(then, clock.instant()))
                .map(age -> age.isNegative() || age.compareTo(duration) >= 0)
                .orElse(true);
    }
}
