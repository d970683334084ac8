package dev.herald.auth;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Who may come in, and what they may do then: the one door of this package. May be used by all threads, blocks none. */
public final class Access {
    private final Side publishers;
    private final Side subscribers;

    private Access(Side publishers, Side subscribers) {
        this.publishers = publishers;
        this.subscribers = subscribers;
    }

    /**
     * Reads the keys.
     *
     * @throws AuthSettingException if a key cannot be used, or settings contradict each other
     */
    public static Access of(AuthConfig config, Clock clock) {
        AuthConfig.Auth auth = config.auth();
        Claims claims = new Claims(auth.issuer(), auth.audience(), clock);
        return new Access(
                new Side(
                        "publish",
                        new Verifiers("herald.auth.publisher", auth.publisher(), claims).verifier(),
                        anonymous(config, "publish", auth.anonymous().publish(), Grants.anonymousPublisher())),
                new Side(
                        "subscribe",
                        new Verifiers("herald.auth.subscriber", auth.subscriber(), claims).verifier(),
                        anonymous(config, "subscribe", auth.anonymous().subscribe(), Grants.anonymousSubscriber())));
    }

    private static Optional<Grants> anonymous(AuthConfig config, String name, Optional<Boolean> set, Grants grants) {
        if (config.open() && !set.orElse(true)) {
            throw new AuthSettingException(
                    "herald.auth.anonymous." + name,
                    "must not be false while herald.open is true: set herald.open to false, too");
        }
        return set.orElse(config.open()) ? Optional.of(grants) : Optional.empty();
    }

    /**
     * What a publisher may do.
     *
     * @param token as it was sent, if one was
     * @return complete at once unless the keys of an issuer have to be fetched; else it completes on another thread. Fails,
     *     with no exception around it, with {@link MissingTokenException}, {@link InvalidTokenException} or {@link
     *     VerificationUnavailableException}, of which only the last may go away by trying again
     */
    public CompletionStage<Grants> publisher(Optional<String> token) {
        return publishers.admit(token);
    }

    /** What a subscriber may do; see {@link #publisher(Optional)}. */
    public CompletionStage<Grants> subscriber(Optional<String> token) {
        return subscribers.admit(token);
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
}
