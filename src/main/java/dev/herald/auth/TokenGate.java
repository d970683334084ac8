package dev.herald.auth;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.herald.identity.Revocation;
import dev.herald.identity.Revocation.Kind;
import dev.herald.identity.Revocations;
import dev.herald.stats.KeyStats;
import dev.herald.stats.TokenRejection;
import dev.herald.stats.TokenStats;

/** Access control for publishers, subscribers or administrators: by token, or anonymous. Thread-safe. */
final class TokenGate {
    private final String act;
    private final Optional<TokenVerifier> verifier;
    private final Optional<Grants> anonymous;
    private final Revocations revocations;
    private final TokenStats stats = new TokenStats();
    private final TokenRejectionLog log;

    /**
     * @param act verb for messages: {@code publish}, {@code subscribe} or {@code administer}
     * @param verifier of tokens; empty without a key
     * @param anonymous grants without a token; empty if one is required
     * @param revocations tokens that are no longer valid
     * @param log reports the tokens that are rejected
     */
    TokenGate(
            String act,
            Optional<TokenVerifier> verifier,
            Optional<Grants> anonymous,
            Revocations revocations,
            TokenRejectionLog log) {
        this.act = act;
        this.verifier = verifier;
        this.anonymous = anonymous;
        this.revocations = revocations;
        this.log = log;
    }

    /** Grants of the caller. Without a key, tokens are ignored where anonymous access is allowed. */
    CompletionStage<Grants> authenticate(Optional<String> token) {
        return anonymous.isPresent() && !(token.isPresent() && verifier.isPresent())
                ? CompletableFuture.completedFuture(anonymous.get())
                : authenticateByToken(token);
    }

    /** Grants of the caller's token, even where anonymous access is allowed. */
    CompletionStage<Grants> authenticateByToken(Optional<String> token) {
        return token.isPresent() && verifier.isPresent()
                ? counted(token.get(), verifier.get().verify(token.get()))
                : CompletableFuture.failedFuture(rejection(token.isPresent()));
    }

    /** The same result, unless the token was revoked, after it was counted. The failure is not wrapped. */
    private CompletionStage<Grants> counted(String token, CompletionStage<Grants> verified) {
        CompletableFuture<Grants> counted = new CompletableFuture<>();
        verified.whenComplete((grants, failure) -> {
            Throwable rejection = failure == null ? revocationOf(token, grants) : failure;
            if (rejection == null) {
                stats.accept();
                counted.complete(grants);
            } else {
                count(rejection);
                counted.completeExceptionally(rejection);
            }
        });
        return counted;
    }

    /** The exception for a revoked token, or the failure to look it up; null if it is valid. Never throws. */
    private Throwable revocationOf(String token, Grants grants) {
        try {
            return revocation(token, grants).map(TokenGate::revoked).orElse(null);
        } catch (Throwable e) {
            // Such as for lack of memory: the request must not wait for ever.
            return e;
        }
    }

    /** Looked up for each request, since a cached token may be revoked. Hashes the token only if that can matter. */
    private Optional<Revocation> revocation(String token, Grants grants) {
        return revocations.find(
                revocations.includeFingerprints() ? grants.identity(Optional.of(token)) : grants.identity());
    }

    private static InvalidTokenException revoked(Revocation revocation) {
        String what = revocation.target().kind() == Kind.SUBJECT ? "All tokens of this subject were" : "The token was";
        return new InvalidTokenException(
                TokenRejection.REVOKED,
                what + " revoked at " + revocation.since() + ", until " + revocation.until()
                        + ". Ask the operator of the hub.");
    }

    private void count(Throwable failure) {
        if (failure instanceof InvalidTokenException invalid) {
            reject(invalid.reason());
        } else if (failure instanceof VerificationUnavailableException) {
            reject(TokenRejection.UNAVAILABLE);
        }
    }

    private void reject(TokenRejection reason) {
        if (!log.selfChecking()) {
            stats.reject(reason);
        }
        log.record(reason);
    }

    private RuntimeException rejection(boolean withToken) {
        if (withToken) {
            reject(TokenRejection.NO_KEY);
            return new InvalidTokenException(
                    TokenRejection.NO_KEY,
                    "The token cannot be verified: the hub has no key for tokens to " + act + ".");
        }
        stats.reject(TokenRejection.MISSING);
        if (verifier.isPresent()) {
            return new MissingTokenException(
                    "A token is required to " + act + ". Send it in the header 'Authorization: Bearer <token>'.");
        }
        return new MissingTokenException(
                anonymous.isPresent()
                        ? "The request requires a token to " + act + ", but the hub has no key to verify one."
                        : "The hub rejects all requests to " + act + ": it has no key to verify tokens.");
    }

    /**
     * Looks up again whether the token that gave these grants is revoked. Costs nothing while no token is.
     *
     * @throws InvalidTokenException if it was revoked meanwhile
     */
    void requireUnrevoked(String token, Grants grants) {
        revocation(token, grants).map(TokenGate::revoked).ifPresent(rejection -> {
            reject(rejection.reason());
            throw rejection;
        });
    }

    void prepare() {
        verifier.ifPresent(TokenVerifier::prepare);
    }

    TokenStats stats() {
        return stats;
    }

    KeyStats keyStats() {
        return verifier.map(TokenVerifier::keyStats).orElse(KeyStats.NONE);
    }

    /** Cache of verified tokens; empty without a key. */
    Optional<TokenCache> cache() {
        return verifier.map(TokenVerifier::cache);
    }

    void rereadKeys() {
        verifier.ifPresent(TokenVerifier::rereadKeys);
    }

    boolean rejectsAll() {
        return verifier.isEmpty() && anonymous.isEmpty();
    }

    boolean verifiesTokens() {
        return verifier.isPresent();
    }

    @Override
    public String toString() {
        String tokens = verifier.map(TokenVerifier::algorithms).orElse("");
        String open = anonymous.isPresent() ? "anonymous" : "";
        String both = open.isEmpty() || tokens.isEmpty() ? open + tokens : open + "," + tokens;
        return both.isEmpty() ? "none" : both;
    }
}
