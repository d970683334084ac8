package dev.herald.auth;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.herald.event.Topic;
import dev.herald.selector.Matching;
import dev.herald.selector.TopicFilter;
import dev.herald.selector.TopicSelector;

/** What one caller may do, by a token or without one. Immutable. */
public final class Grants {
    /** The objects around the selectors, about, in bytes. */
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

    /** What a token grants. */
    static Grants of(
            List<TopicSelector> publish,
            List<TopicSelector> subscribe,
            Optional<String> payload,
            Optional<Instant> expiry) {
        return new Grants(false, publish, subscribe, payload, expiry);
    }

    /** Who needs no token to publish: every topic, private updates included. */
    static Grants anonymousPublisher() {
        return ANONYMOUS_PUBLISHER;
    }

    /** Who needs no token to subscribe: what is not private. */
    static Grants anonymousSubscriber() {
        return ANONYMOUS_SUBSCRIBER;
    }

    /** Whether the caller has shown no token that counts. */
    public boolean anonymous() {
        return anonymous;
    }

    /**
     * Whether an update of these topics may be published: each of them must be granted (PROTOCOL M15). To be found out in
     * pieces, since a token may have many templates and an update many topics.
     */
    public Matching mayPublish(List<Topic> topics) {
        return publish.matchingEach(topics);
    }

    /** The topics whose private updates may be read (PROTOCOL M4). */
    public List<TopicSelector> subscribe() {
        return subscribe;
    }

    /**
     * Whether what is private about {@code topic} may be seen; the paths of active subscriptions are topics too (M41). To be
     * found out in pieces.
     */
    public Matching maySee(Topic topic) {
        return new TopicFilter(subscribe).matching(List.of(topic));
    }

    /** What the token says of its bearer to those who watch active subscriptions: JSON, as it stands in the token. */
    public Optional<String> payload() {
        return payload;
    }

    /** What the grants occupy in the heap, about, in bytes. */
    long heapBytes() {
        return heapBytes;
    }

    private static long heapBytes(List<TopicSelector> selectors) {
        return selectors.stream().mapToLong(TopicSelector::heapBytes).sum();
    }

    /** When the token ends, and with it every stream that was opened by it. */
    public Optional<Instant> expiry() {
        return expiry;
    }
}
