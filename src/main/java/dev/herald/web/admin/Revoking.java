package dev.herald.web.admin;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import jakarta.enterprise.context.ApplicationScoped;

import dev.herald.auth.AuthConfig;
import dev.herald.event.InvalidFieldException;
import dev.herald.http.ProblemType;
import dev.herald.http.RequestRejectedException;
import dev.herald.hub.EndNotice;
import dev.herald.identity.Revocation;
import dev.herald.identity.Revocation.Target;
import dev.herald.identity.Revocations;
import dev.herald.log.EventLog;
import dev.herald.roster.Roster;

/**
 * Revocation of tokens and subjects: in force on this node first, then the open streams end, and it is kept in the log. If the
 * log cannot keep it, it is in force all the same. Called by the thread of the administration only, which waits for the
 * log.
 */
@ApplicationScoped
class Revoking {
    /** For the clocks of issuers, as tokens may live this much longer (decision 212). */
    private static final Duration LEEWAY = Duration.ofSeconds(10);

    /** The year 3000: no token expires later (decision 212). */
    private static final Instant LATEST = Instant.ofEpochSecond(32_503_680_000L);

    private final EventLog log;
    private final Revocations revocations;
    private final Roster roster;
    private final Optional<Duration> maxLifetime;

    Revoking(EventLog log, Revocations revocations, Roster roster, AuthConfig auth) {
        this.log = log;
        this.revocations = revocations;
        this.roster = roster;
        this.maxLifetime = auth.auth().maxLifetime();
    }

    /**
     * End of a revocation.
     *
     * @param requested a time of ISO 8601, or seconds since 1970 as in {@code exp}
     * @throws InvalidFieldException if it is not in the future, or missing without a longest lifetime
     */
    Instant until(Optional<String> requested) {
        Instant now = Instant.now();
        Instant until = requested
                .map(Revoking::time)
                .or(() -> maxLifetime.map(lifetime -> now.plus(lifetime).plus(LEEWAY)))
                .orElseThrow(() -> new InvalidFieldException(
                        "until",
                        "is missing: say when the last of these tokens expires, such as 2030-01-31T00:00:00Z or the"
                                + " 'exp' of the token. herald.auth.max-lifetime makes it optional."));
        if (!now.isBefore(until) || until.isAfter(LATEST)) {
            throw new InvalidFieldException("until", "must be in the future, and before the year 3000.");
        }
        return until;
    }

    private static Instant time(String text) {
        try {
            return text.matches("[0-9]{1,12}") ? Instant.ofEpochSecond(Long.parseLong(text)) : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new InvalidFieldException(
                    "until", "must be a time such as 2030-01-31T00:00:00Z, or seconds since 1970.");
        }
    }

    /**
     * Revokes.
     *
     * @return number of streams that end
     * @throws NotKeptException if the log cannot keep it; then it is in force, and streams end
     */
    int revoke(Revocation revocation) {
        Target target = revocation.target();
        Optional<Revocation> before = revocations.list().stream()
                .filter(old -> old.target().equals(target))
                .findFirst();
        if (!revocations.add(revocation)) {
            throw new RequestRejectedException(
                    ProblemType.OVERLOADED,
                    "As many tokens and subjects are revoked as the hub keeps, " + revocations.size()
                            + ". Remove revocations that are no longer needed, or give the hub more memory.");
        }
        // Before the log has it: on its way back from there it ends the streams, too, and they would not be counted.
        int ended = roster.end(target, EndNotice.REVOKED);
        try {
            await(log.keep(revocation));
        } catch (CompletionException e) {
            // Whichever ends later: the log may have either of them.
            before.filter(old -> old.until().isAfter(revocation.until())).ifPresent(revocations::add);
            throw new NotKeptException(ended, e);
        } finally {
            // Streams that were about to open.
            roster.end(target, EndNotice.REVOKED);
        }
        return ended;
    }

    /** Ends a revocation. Returns whether there was one. */
    boolean readmit(Target target) {
        // Before: once the log has it, another node may revoke again.
        Optional<Revocation> removed = revocations.remove(target);
        try {
            await(log.forget(target));
        } catch (CompletionException e) {
            removed.filter(old -> revocations.list().stream()
                            .noneMatch(other -> other.target().equals(target)))
                    .ifPresent(old -> revocations.restore(List.of(old)));
            throw e;
        }
        return removed.isPresent();
    }

    private static void await(CompletionStage<Void> stored) {
        stored.toCompletableFuture().join();
    }

    /** Failure to keep a revocation, which is in force on this node until it stops. A repetition helps. */
    static final class NotKeptException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotKeptException(int ended, Throwable cause) {
            super(
                    "The revocation is in force on this node, and " + ended
                            + " streams end, but the log could not keep it:"
                            + " it is lost when the hub stops. Repeat it when the log is available again.",
                    cause);
        }
    }
}
