package dev.herald.auth;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Access control for publishers or for subscribers: by token, or anonymous. Immutable; thread-safe. */
final class TokenGate {
    private final String act;
    private final Optional<TokenVerifier> verifier;
    private final Optional<Grants> anonymous;

    /**
     * @param act verb for messages: {@code publish} or {@code subscribe}
     * @param verifier of tokens; empty without a key
     * @param anonymous grants without a token; empty if one is required
     */
    TokenGate(String act, Optional<TokenVerifier> verifier, Optional<Grants> anonymous) {
        this.act = act;
        this.verifier = verifier;
        this.anonymous = anonymous;
    }

    /** Without a key, tokens are ignored where anonymous access is allowed. */
    CompletionStage<Grants> admit(Optional<String> token) {
        if (token.isPresent() && verifier.isPresent()) {
            return verifier.get().verify(token.get());
        }
        return anonymous
                .<CompletionStage<Grants>>map(CompletableFuture::completedFuture)
                .orElseGet(() -> CompletableFuture.failedFuture(refusal(token.isPresent())));
    }

    private RuntimeException refusal(boolean withToken) {
        if (withToken) {
            return new InvalidTokenException(
                    "The token cannot be verified: the hub has no key for tokens to " + act + ".");
        }
        return new MissingTokenException(
                verifier.isPresent()
                        ? "A token is required to " + act + ". Send it in the header 'Authorization: Bearer <token>'."
                        : "The hub rejects all requests to " + act + ": it has no key to verify tokens.");
    }

    void prepare() {
        verifier.ifPresent(TokenVerifier::prepare);
    }

    boolean closed() {
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
