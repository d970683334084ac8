package dev.herald.web;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;

import dev.herald.event.InvalidFieldException;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.hub.ActiveSubscription;

/** Active subscriptions as Mercure writes them down (PROTOCOL M40, M42): JSON-LD. */
@ApplicationScoped
public class SubscriptionDocuments {
    private static final String SUBSCRIBER_PREFIX = "urn:uuid:";
    private static final String CONTEXT = "https://mercure.rocks/";

    private final HubPaths paths;

    SubscriptionDocuments(HubPaths paths) {
        this.paths = paths;
    }

    /** How a subscriber is called outside. */
    static String name(UUID subscriber) {
        return SUBSCRIBER_PREFIX + subscriber;
    }

    /** Whom the name means; nobody if it is none of the hub's. */
    static Optional<UUID> subscriber(String name) {
        try {
            return name.startsWith(SUBSCRIBER_PREFIX)
                    ? Optional.of(UUID.fromString(name.substring(SUBSCRIBER_PREFIX.length())))
                    : Optional.empty();
        } catch (IllegalArgumentException notOne) {
            return Optional.empty();
        }
    }

    /** The update that tells that the subscription has begun, or has ended. */
    public Update update(ActiveSubscription subscription, boolean active) {
        ObjectNode document = withContext();
        describe(document, subscription, active);
        return new Update(
                List.of(topic(subscription)),
                document.toString(),
                true,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty());
    }

    /** A selector may be as long as a topic, and escaped it is longer; then nobody could ask for its path either. */
    private Topic topic(ActiveSubscription subscription) {
        try {
            return new Topic(path(subscription));
        } catch (InvalidFieldException tooLong) {
            return new Topic(paths.subscriptions());
        }
    }

    /** The document about one. */
    ObjectNode one(ActiveSubscription subscription) {
        ObjectNode document = withContext();
        describe(document, subscription, true);
        return document;
    }

    /**
     * The document about several.
     *
     * @param path where it is found
     * @param lastEventId what to continue from, to miss no change after it
     */
    ObjectNode several(String path, Collection<ActiveSubscription> subscriptions, String lastEventId) {
        ObjectNode document = withContext();
        document.put("id", path).put("type", "Subscriptions").put("lastEventID", lastEventId);
        ArrayNode list = document.putArray("subscriptions");
        subscriptions.forEach(subscription -> describe(list.addObject(), subscription, true));
        return document;
    }

    private static ObjectNode withContext() {
        return JsonNodeFactory.instance.objectNode().put("@context", CONTEXT);
    }

    private void describe(ObjectNode document, ActiveSubscription subscription, boolean active) {
        document.put("id", path(subscription))
                .put("type", "Subscription")
                .put("topic", subscription.selector())
                .put("subscriber", name(subscription.subscriber()))
                .put("active", active);
        subscription.payload().ifPresent(json -> document.putRawValue("payload", new RawValue(json)));
    }

    private String path(ActiveSubscription subscription) {
        return paths.subscriptions(subscription.selector(), name(subscription.subscriber()));
    }
}
