package dev.herald.auth;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Who may come in on one side, as a publisher or as a subscriber. Immutable; may be used by all threads. */
final class TokenGate {
    private final String act;
    private final Optional<TokenVerifier> verifier;
    private final Optional<Grants> anonymous;

    /**
     * @param act what is done on this side, for sentences: {@code publish}
     * @param verifier of tokens, if there are keys
     * @param anonymous what goes without a token, if anything
     */
    TokenGate(String act, Optional<TokenVerifier> verifier, Optional<Grants> anonymous) {
        this.act = act;
        this.verifier = verifier;
        this.anonymous = anonymous;
    }

    /** Without a key to check it by, a token is as good as none. */
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
                    "The hub has no key to check your token with: nobody can " + act + " here.");
        }
        return new MissingTokenException(
                verifier.isPresent()
                        ? "To " + act + " here you need a token: send it in the header 'Authorization: Bearer <token>'."
                        : "Nobody can " + act + " here: the hub has no key to check a token with.");
    }

    void prepare() {
        verifier.ifPresent(TokenVerifier::prepare);
    }

    boolean closed() {
        return verifier.isEmpty() && anonymous.isEmpty();
    }

    boolean checksTokens() {
        return verifier.isPresent();
    }

    @Override
    public String toString() {
        String tokens = verifier.map(TokenVerifier::algorithms).orElse("");
        String anybody = anonymous.isPresent() ? "anybody" : "";
        String both = anybody.isEmpty() || tokens.isEmpty() ? anybody + tokens : anybody + "," + tokens;
        return both.isEmpty() ? "nobody" : both;
    }
}
