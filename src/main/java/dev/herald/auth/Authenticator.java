package dev.herald.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import dev.herald.identity.Revocations;
import dev.herald.memory.MemoryBudget;
import dev.herald.stats.KeyStats;
import dev.herald.stats.TokenStats;

/**
 * Authenticator of publishers, subscribers and administrators by their tokens: entry point of this package. Thread-safe; never blocks.
 */
public final class Authenticator {
    /** Time between two calls of {@link #rereadKeys()}. */
    public static final Duration REREAD_PERIOD = KeyFile.PERIOD;

    private static final int SELF_CHECK_TOKEN_BYTES = 32;

    private final TokenGate publishers;
    private final TokenGate subscribers;
    private final TokenGate administrators;
    private final SignatureWorkers workers;
    private final TokenRejectionLog rejectionLog;

    /** Valid for publishing and subscribing; null except during the self-check at the start. */
    private volatile String selfCheckToken;

    private Authenticator(
            TokenGate publishers,
            TokenGate subscribers,
            TokenGate administrators,
            SignatureWorkers workers,
            TokenRejectionLog log) {
        this.publishers = publishers;
        this.subscribers = subscribers;
        this.administrators = administrators;
        this.workers = workers;
        this.rejectionLog = log;
    }

    /**
     * Reads the configured keys.
     *
     * @param tokens heap for tokens that wait to be verified
     * @param revocations tokens that are rejected though they are valid
     * @throws AuthSettingException if a key is invalid, or settings contradict each other
     */
    public static Authenticator of(AuthConfig config, MemoryBudget tokens, Clock clock, Revocations revocations) {
        AuthConfig.Auth auth = config.auth();
        SignatureWorkers workers = new SignatureWorkers();
        TokenRejectionLog log = new TokenRejectionLog();
        Claims claims = new Claims(auth.issuer(), auth.audience(), auth.maxLifetime(), clock);
        TokenVerifierFactory verifiers = new TokenVerifierFactory(claims, workers, tokens, clock);
        return new Authenticator(
                new TokenGate(
                        "publish",
                        verifiers.verifier("herald.auth.publisher", auth.publisher()),
                        anonymous(config, "publish", auth.anonymous().publish(), Grants.anonymousPublisher()),
                        revocations,
                        log),
                new TokenGate(
                        "subscribe",
                        verifiers.verifier("herald.auth.subscriber", auth.subscriber()),
                        anonymous(config, "subscribe", auth.anonymous().subscribe(), Grants.anonymousSubscriber()),
                        revocations,
                        log),
                new TokenGate(
                        "administer",
                        verifiers.verifier("herald.auth.admin", auth.admin()),
                        Optional.empty(),
                        revocations,
                        log),
                workers,
                log);
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
        administrators.prepare();
    }

    /**
     * Reads the key files again, and uses what was changed. Blocks; to be called by one thread every
     * {@link #REREAD_PERIOD}. Logs what it finds, and does not throw.
     */
    public void rereadKeys() {
        publishers.rereadKeys();
        subscribers.rereadKeys();
        administrators.rereadKeys();
    }

    /**
     * Grants of a publisher.
     *
     * @param token as it was sent
     * @return complete on return without a token, for an HMAC, and for a cached token. Otherwise it may complete later,
     *     on a thread that is not an event loop. Fails with {@link MissingTokenException},
     *     {@link InvalidTokenException} or {@link VerificationUnavailableException}, never wrapped. A retry helps after
     *     the last one only
     */
    public CompletionStage<Grants> publisher(Optional<String> token) {
        return isSelfCheck(token)
                ? CompletableFuture.completedFuture(Grants.anonymousPublisher())
                : publishers.authenticate(token);
    }

    /**
     * Verifies that the token of a publisher was not revoked since {@link #publisher(Optional)}: its request may take
     * long. Costs nothing while no token is revoked.
     *
     * @param token as it was sent
     * @throws InvalidTokenException if it was revoked
     */
    public void requireUnrevokedPublisher(Optional<String> token, Grants grants) {
        if (token.isPresent() && !grants.anonymous()) {
            publishers.requireUnrevoked(token.get(), grants);
        }
    }

    /** Grants of a subscriber; see {@link #publisher(Optional)}. */
    public CompletionStage<Grants> subscriber(Optional<String> token) {
        return isSelfCheck(token)
                ? CompletableFuture.completedFuture(Grants.anonymousSubscriber())
                : subscribers.authenticate(token);
    }

    /** Grants of a subscriber by its token, even where anonymous access is allowed (PROTOCOL E13). */
    public CompletionStage<Grants> subscriberByToken(Optional<String> token) {
        return subscribers.authenticateByToken(token);
    }

    /**
     * Grants of an administrator, which include {@link Grants#admin()} or not; see {@link #publisher(Optional)}. The
     * token must be signed with a key of administrators.
     */
    public CompletionStage<Grants> administrator(Optional<String> token) {
        return administrators.authenticate(token);
    }

    /** Whether there is a key of administrators. */
    public boolean administrable() {
        return administrators.verifiesTokens();
    }

    /**
     * Issues a token for the self-check of this process at the start: 256 random bits that grant what anonymous access
     * grants, until {@link #revokeSelfCheckToken()}.
     */
    public String issueSelfCheckToken() {
        byte[] random = new byte[SELF_CHECK_TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        selfCheckToken = HexFormat.of().formatHex(random);
        rejectionLog.selfCheck(true);
        return selfCheckToken;
    }

    /** Revokes the token of {@link #issueSelfCheckToken()}. */
    public void revokeSelfCheckToken() {
        selfCheckToken = null;
        rejectionLog.selfCheck(false);
    }

    /** Whether the self-check sends requests, whose refusals are not to be reported. */
    public boolean selfChecking() {
        return selfCheckToken != null;
    }

    private boolean isSelfCheck(Optional<String> token) {
        String expected = selfCheckToken;
        return expected != null
                && token.isPresent()
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), token.get().getBytes(StandardCharsets.UTF_8));
    }

    /** Counters of the tokens of publishers. */
    public TokenStats publisherStats() {
        return publishers.stats();
    }

    /** Counters of the tokens of subscribers. */
    public TokenStats subscriberStats() {
        return subscribers.stats();
    }

    /** Counters of the tokens of administrators. */
    public TokenStats administratorStats() {
        return administrators.stats();
    }

    /** State of the keys of administrators' tokens. */
    public KeyStats administratorKeys() {
        return administrators.keyStats();
    }

    /** State of the keys of publishers' tokens. */
    public KeyStats publisherKeys() {
        return publishers.keyStats();
    }

    /** State of the keys of subscribers' tokens. */
    public KeyStats subscriberKeys() {
        return subscribers.keyStats();
    }

    /** Number of verified tokens that are cached. */
    public int cachedTokens() {
        return caches().mapToInt(TokenCache::size).sum();
    }

    /** Heap of the cached tokens, in bytes. */
    public long cachedTokenBytes() {
        return caches().mapToLong(TokenCache::bytes).sum();
    }

    /** Maximum of {@link #cachedTokenBytes()}. */
    public long maxCachedTokenBytes() {
        return caches().mapToLong(TokenCache::maxBytes).sum();
    }

    private Stream<TokenCache> caches() {
        return Stream.of(publishers, subscribers, administrators).flatMap(gate -> gate.cache().stream());
    }

    /** Number of tokens that wait for the verification of their signature. */
    public int waitingTokens() {
        return workers.queued();
    }

    /** Maximum of {@link #waitingTokens()}; further tokens are rejected. */
    public int maxWaitingTokens() {
        return SignatureWorkers.QUEUE_CAPACITY;
    }

    /** Whether all publishers and subscribers are rejected: there is neither a key nor anonymous access. */
    public boolean rejectsAll() {
        return publishers.rejectsAll() && subscribers.rejectsAll();
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

    /** Summary for logs of who may administer; see {@link #publishing()}. */
    public String administering() {
        return administrators.toString();
    }

    /** Ends its threads. Tokens that need them are then rejected with {@link VerificationUnavailableException}. */
    public void close() {
        workers.close();
    }
}
