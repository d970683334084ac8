package dev.herald.auth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.herald.event.Topic;
import dev.herald.selector.Matching;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

/** What one caller may publish and read, with or without a token. Immutable. */
public final class Grants {
    /** Approximate size of the objects besides the selectors, in bytes. */
    private static final long OBJECT_BYTES = 300;

    private static final Grants ANONYMOUS_PUBLISHER =
            new Grants(true, List.of(TopicSelector.parse("*")), List.of(), Optional.empty(), Optional.empty());
    private static final Grants ANONYMOUS_SUBSCRIBER =
            new Grants(true, List.of(), List.of(), Optional.empty(), Optional.empty());

    private final boolean anonymous;
    private final TopicFilter publish;
    private final List<TopicSelector> subscribe;
    private final Optional<String> payload;
    private final Optional<Instant> expiry;
    private final long heapBytes;

    private Grants(
            boolean anonymous,
            List<TopicSelector> publish,
            List<TopicSelector> subscribe,
            Optional<String> payload,
            Optional<Instant> expiry) {
        this.anonymous = anonymous;
        this.publish = new TopicFilter(publish);
        this.subscribe = List.copyOf(subscribe);
        this.payload = payload;
        this.expiry = expiry;
        this.heapBytes = OBJECT_BYTES
                + heapBytes(publish)
                + heapBytes(subscribe)
                + 2L * payload.map(String::length).orElse(0);
    }

    /** Grants of a token. */
    static Grants of(
            List<TopicSelector> publish,
            List<TopicSelector> subscribe,
            Optional<String> payload,
            Optional<Instant> expiry) {
        return new Grants(false, publish, subscribe, payload, expiry);
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
     * Whether private updates of {@code topic} may be read; the paths of active subscriptions are topics too (PROTOCOL M41).
     * Matched in pieces.
     */
    public Matching maySee(Topic topic) {
        return new TopicFilter(subscribe).matching(List.of(topic));
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
