package dev.herald.auth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.herald.event.Topic;
import dev.herald.identity.TokenIdentity;
import dev.herald.selector.Matching;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

/** Permissions of one caller to publish and to read, with or without a token. Immutable. */
public final class Grants {
    /** Approximate size of the objects besides the selectors, in bytes. */
    private static final long OBJECT_BYTES = 300;

    private static final Grants ANONYMOUS_PUBLISHER = new Grants(
            TokenIdentity.ANONYMOUS,
            true,
            false,
            false,
            List.of(TopicSelector.parse("*")),
            List.of(),
            Optional.empty(),
            Optional.empty());
    private static final Grants ANONYMOUS_SUBSCRIBER = new Grants(
            TokenIdentity.ANONYMOUS, true, false, false, List.of(), List.of(), Optional.empty(), Optional.empty());

    /** Without the fingerprint, which is computed on demand. */
    private final TokenIdentity identity;

    private final boolean anonymous;
    private final boolean claimed;
    private final boolean admin;
    private final TopicFilter publish;
    private final List<TopicSelector> publishSelectors;
    private final List<TopicSelector> subscribe;
    private final Optional<String> payload;
    private final Optional<Instant> expiry;
    private final long heapBytes;

    private Grants(
            TokenIdentity identity,
            boolean anonymous,
            boolean claimed,
            boolean admin,
            List<TopicSelector> publish,
            List<TopicSelector> subscribe,
            Optional<String> payload,
            Optional<Instant> expiry) {
        this.identity = identity;
        this.anonymous = anonymous;
        this.claimed = claimed;
        this.admin = admin;
        this.publish = new TopicFilter(publish);
        this.publishSelectors = List.copyOf(publish);
        this.subscribe = List.copyOf(subscribe);
        this.payload = payload;
        this.expiry = expiry;
        this.heapBytes = OBJECT_BYTES
                + heapBytes(publish)
                + heapBytes(subscribe)
                + 2L * payload.map(String::length).orElse(0)
                + identity.heapBytes();
    }

    /**
     * Grants of a token with the claim {@code mercure}.
     *
     * @param identity without a fingerprint
     * @param admin whether it may administer the hub
     */
    static Grants of(
            TokenIdentity identity,
            boolean admin,
            List<TopicSelector> publish,
            List<TopicSelector> subscribe,
            Optional<String> payload,
            Optional<Instant> expiry) {
        return new Grants(identity, false, true, admin, publish, subscribe, payload, expiry);
    }

    /** Grants of a valid token without the claim {@code mercure}: none. */
    static Grants unclaimed(TokenIdentity identity, Optional<Instant> expiry) {
        return new Grants(identity, false, false, false, List.of(), List.of(), Optional.empty(), expiry);
    }

    /** Grants of an anonymous publisher: every topic, private updates included. */
    static Grants anonymousPublisher() {
        return ANONYMOUS_PUBLISHER;
    }

    /** Grants of an anonymous subscriber: no private updates. */
    static Grants anonymousSubscriber() {
        return ANONYMOUS_SUBSCRIBER;
    }

    /** Whether the caller has no valid token. */
    public boolean anonymous() {
        return anonymous;
    }

    /** Whether the caller has a token with the claim {@code mercure}. */
    public boolean claimed() {
        return claimed;
    }

    /** Subject of the token: its {@code sub}, not empty (RFC 7519 §4.1.2). */
    public Optional<String> subject() {
        return identity.subject();
    }

    /**
     * Identity of the caller, with a fingerprint unless it is anonymous. Costs a hash of the token.
     *
     * @param token as it was sent
     */
    public TokenIdentity identity(Optional<String> token) {
        return anonymous
                ? TokenIdentity.ANONYMOUS
                : new TokenIdentity(token.map(TokenIdentity::fingerprint), identity.id(), identity.subject());
    }

    /** Identity of the caller, without a fingerprint. */
    TokenIdentity identity() {
        return identity;
    }

    /** Whether the caller may administer the hub: the claim {@code mercure.admin} is true. */
    public boolean admin() {
        return admin;
    }

    /**
     * Whether an update of these topics may be published: each topic must be granted (PROTOCOL M15). Matched in pieces,
     * since a token may have many templates and an update many topics.
     */
    public Matching mayPublish(List<Topic> topics) {
        return publish.matchingEach(topics);
    }

    /** Selectors of the topics whose private updates may be read (PROTOCOL M4). */
    public List<TopicSelector> subscribe() {
        return subscribe;
    }

    /**
     * Whether private updates of {@code topic} may be read; the paths of active subscriptions are topics too (PROTOCOL
     * M41). Matched in pieces.
     */
    public Matching mayRead(Topic topic) {
        return new TopicFilter(subscribe).matching(List.of(topic));
    }

    /** The distinct selectors of {@link #mayPublish}, as they were written; for their bearer's eyes only. */
    public List<String> publishTexts() {
        return texts(publishSelectors);
    }

    /** The distinct selectors of {@link #mayRead}; see {@link #publishTexts()}. */
    public List<String> subscribeTexts() {
        return texts(subscribe);
    }

    private static List<String> texts(List<TopicSelector> selectors) {
        return selectors.stream().map(TopicSelector::text).distinct().toList();
    }

    /** Payload of the token, shown with active subscriptions: JSON as in the token (PROTOCOL M23). */
    public Optional<String> payload() {
        return payload;
    }

    /** Approximate size in the heap, in bytes. */
    long heapBytes() {
        return heapBytes;
    }

    private static long heapBytes(List<TopicSelector> selectors) {
        return selectors.stream().mapToLong(TopicSelector::heapBytes).sum();
    }

    /** Expiry of the token, at which every stream that it opened ends. */
    public Optional<Instant> expiry() {
        return expiry;
    }
}
