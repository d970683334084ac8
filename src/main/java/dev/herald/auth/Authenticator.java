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

/** Who may come in, and what they may do then: the one door of this package. May be used by all threads, blocks none. */
public final class Authenticator {
    private static final int PASS_BYTES = 32;

    private final TokenGate publishers;
    private final TokenGate subscribers;
    private final SignatureWorkers workers;

    /** Admits to both sides; null except during the self-check at the start. */
    private volatile String pass;

    private Authenticator(TokenGate publishers, TokenGate subscribers, SignatureWorkers workers) {
        this.publishers = publishers;
        this.subscribers = subscribers;
        this.workers = workers;
    }

    /**
     * Reads the keys.
     *
     * @param tokens heap for tokens that wait to be verified
     * @throws AuthSettingException if a key cannot be used, or settings contradict each other
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
                    "must not be false while herald.open is true: set herald.open to false, too");
        }
        return set.orElse(config.open()) ? Optional.of(grants) : Optional.empty();
    }

    /** Begins to fetch the keys of issuers, so that the first caller need not wait, and returns at once. */
    public void prepare() {
        publishers.prepare();
        subscribers.prepare();
    }

    /**
     * What a publisher may do.
     *
     * @param token as it was sent, if one was
     * @return complete at once without a token, with an HMAC, and for a token that was lately good; for others it may complete
     *     later, on a thread that is nobody's event loop. Fails, with no exception around it, with {@link
     *     MissingTokenException}, {@link InvalidTokenException} or {@link VerificationUnavailableException}, of which only the
     *     last may go away by trying again
     */
    public CompletionStage<Grants> publisher(Optional<String> token) {
        return passes(token) ? CompletableFuture.completedFuture(Grants.anonymousPublisher()) : publishers.admit(token);
    }

    /** What a subscriber may do; see {@link #publisher(Optional)}. */
    public CompletionStage<Grants> subscriber(Optional<String> token) {
        return passes(token)
                ? CompletableFuture.completedFuture(Grants.anonymousSubscriber())
                : subscribers.admit(token);
    }

    /**
     * A token for this process itself, for its self-check at the start: 256 random bits, which admit as anonymous
     * callers are admitted until {@link #withdrawPass()}.
     */
    public String issuePass() {
        byte[] random = new byte[PASS_BYTES];
        new SecureRandom().nextBytes(random);
        pass = HexFormat.of().formatHex(random);
        return pass;
    }

    /** Ends what {@link #issuePass()} began. */
    public void withdrawPass() {
        pass = null;
    }

    private boolean passes(Optional<String> token) {
        String expected = pass;
        return expected != null
                && token.isPresent()
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), token.get().getBytes(StandardCharsets.UTF_8));
    }

    /** Whether nobody can do anything, with a token or without. */
    public boolean closed() {
        return publishers.closed() && subscribers.closed();
    }

    /** Whether tokens count on either side. */
    public boolean checksTokens() {
        return publishers.checksTokens() || subscribers.checksTokens();
    }

    /** Who may publish, for people: {@code anybody}, {@code nobody}, the algorithms of tokens; never a key. */
    public String publishing() {
        return publishers.toString();
    }

    /** Who may subscribe, for people; see {@link #publishing()}. */
    public String subscribing() {
        return subscribers.toString();
    }

    /** Ends its threads. Tokens that need them are then refused as {@link VerificationUnavailableException}. */
    public void close() {
        workers.close();
    }
}
