package dev.herald;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.smallrye.mutiny.infrastructure.Infrastructure;

import dev.herald.hub.Hub;
import dev.herald.hub.Presence;
import dev.herald.hub.PresenceFeed;
import dev.herald.hub.SseConfig;
import dev.herald.hub.SubscriptionsConfig;
import dev.herald.log.EventLog;
import dev.herald.memory.HeapShares;
import dev.herald.web.SubscriptionDocuments;

/** Makes the hub of this node. */
@ApplicationScoped
class HubProducer {

    @Produces
    @Singleton
    Hub hub(
            EventLog log,
            SseConfig config,
            SubscriptionsConfig subscriptions,
            SubscriptionDocuments documents,
            HeapShares heap) {
        return new Hub(log, config, presence(log, subscriptions, documents, heap), heap);
    }

    private static Presence presence(
            EventLog log, SubscriptionsConfig subscriptions, SubscriptionDocuments documents, HeapShares heap) {
        if (subscriptions.events()) {
            return Presence.telling(new PresenceFeed(
                    Infrastructure.getDefaultExecutor(), log::pass, documents::update, heap.presence()));
        }
        return subscriptions.api() ? Presence.silent() : Presence.UNKNOWN;
    }

    void close(@Disposes Hub hub) {
        hub.close();
    }
}
