package dev.herald.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.herald.memory.MemoryBudget;

/** Authenticator of publishers and subscribers by their tokens: entry point of this package. Thread-safe; never blocks. */
public final class Authenticator {
    private static final int SELF_CHECK_TOKEN_BYTES = 32;

    private final TokenGate publishers;
    private final TokenGate subscribers;
    private final SignatureWorkers workers;

    /** Valid for publishing and subscribing; null except during the self-check at the start. */
    private volatile String selfCheckToken;

    private Authenticator(TokenGate publishers, TokenGate subscribers, SignatureWorkers workers) {
        this.publishers = publishers;
        this.subscribers = subscribers;
        this.workers = workers;
    }

    /**
     * Reads the configured keys.
     *
     * @param tokens heap for tokens that wait to be verified
     * @throws AuthSettingException if a key is invalid, or settings contradict each other
     */
    public static Authenticator of(AuthConfig config, MemoryBudget tokens, Clock clock) {
        AuthConfig.Auth auth = config.auth();
        SignatureWorkers workers = new SignatureWorkers();
        TokenVerifierFactory verifiers =
                new TokenVerifierFactory(new Claims(auth.issuer(), auth.audience(), clock), workers, tokens, clock);
        return new Authenticator(
                new TokenGate(
                        "publish",
                        verifiers.verifier("herald.auth.publisher", auth.publisher()),
                        anonymous(config, "publish", auth.anonymous().publish(), Grants.anonymousPublisher())),
                new TokenGate(
                        "subscribe",
                        verifiers.verifier("herald.auth.subscriber", auth.subscriber()),
                        anonymous(config, "subscribe", auth.anonymous().subscribe(), Grants.anonymousSubscriber())),
                workers);
    }

    private static Optional<Grants> anonymous(AuthConfig config, String name, Optional<Boolean> set, Grants grants) {
        if (config.open() && !set.orElse(true)) {
            throw new AuthSettingException(
                    "herald.auth.anonymous." + name,
                    "must not be false while herald.open is true: set herald.open to false as well");
        }
        return set.orElse(config.open()) ? Optional.of(grants) : Optional.empty();
    }

    /** Starts to fetch the keys of issuers, so that the first caller does not wait. Returns at once. */
    public void prepare() {
        publishers.prepare();
        subscribers.prepare();
    }

    /**
     * Grants of a publisher.
     *
     * @param token as it was sent
     * @return complete on return without a token, for an HMAC, and for a cached token; otherwise it may complete later, on a
     *     thread that is not an event loop. Fails with {@link MissingTokenException}, {@link InvalidTokenException} or
     *     {@link VerificationUnavailableException}, never wrapped. A retry helps after the last one only
     */
    public CompletionStage<Grants> publisher(Optional<String> token) {
        return isSelfCheck(token)
                ? CompletableFuture.completedFuture(Grants.anonymousPublisher())
                : publishers.admit(token);
    }

    /** Grants of a subscriber; see {@link #publisher(Optional)}. */
    public CompletionStage<Grants> subscriber(Optional<String> token) {
        return isSelfCheck(token)
                ? CompletableFuture.completedFuture(Grants.anonymousSubscriber())
                : subscribers.admit(token);
    }

    /**
     * Issues a token for the self-check of this process at the start: 256 random bits that grant what anonymous access
     * grants, until {@link #revokeSelfCheckToken()}.
     */
    public String issueSelfCheckToken() {
        byte[] random = new byte[SELF_CHECK_TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        selfCheckToken = HexFormat.of().formatHex(random);
        return selfCheckToken;
    }

    /** Revokes the token of {@link #issueSelfCheckToken()}. */
    public void revokeSelfCheckToken() {
        selfCheckToken = null;
    }

    private boolean isSelfCheck(Optional<String> token) {
        String expected = selfCheckToken;
        return expected != null
                && token.isPresent()
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), token.get().getBytes(StandardCharsets.UTF_8));
    }

    /** Whether all publishers and subscribers are rejected: there is neither a key nor anonymous access. */
    public boolean closed() {
        return publishers.closed() && subscribers.closed();
    }

    /** Whether tokens of publishers or of subscribers are verified. */
    public boolean verifiesTokens() {
        return publishers.verifiesTokens() || subscribers.verifiesTokens();
    }

    /** Summary for logs of who may publish: {@code anonymous}, {@code none}, the algorithms of tokens; never a key. */
    public String publishing() {
        return publishers.toString();
    }

    /** Summary for logs of who may subscribe; see {@link #publishing()}. */
    public String subscribing() {
        return subscribers.toString();
    }

    /** Ends its threads. Tokens that need them are then rejected with {@link VerificationUnavailableException}. */
    public void close() {
        workers.close();
    }
}
