package dev.herald;

import java.time.Clock;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import io.smallrye.mutiny.infrastructure.Infrastructure;

import dev.herald.auth.Authenticator;
import dev.herald.hub.Hub;
import dev.herald.hub.SseConfig;
import dev.herald.hub.SubscriptionListener;
import dev.herald.log.EventLog;
import dev.herald.memory.HeapShares;
import dev.herald.presence.ActiveSubscriptions;
import dev.herald.presence.SubscriptionEvents;
import dev.herald.presence.SubscriptionsConfig;
import dev.herald.roster.Roster;
import dev.herald.web.mercure.SubscriptionDocuments;

/** Producer of this node's hub and of its active subscriptions. */
@ApplicationScoped
class HubProducer {

    @Produces
    @Singleton
    ActiveSubscriptions subscriptions(
            EventLog log, SubscriptionsConfig config, SubscriptionDocuments documents, HeapShares heap) {
        if (config.events()) {
            return ActiveSubscriptions.withListener(new SubscriptionEvents(
                    Infrastructure.getDefaultExecutor(), log::appendTransient, documents::update, heap.presence()));
        }
        return config.api() ? ActiveSubscriptions.withoutListener() : ActiveSubscriptions.DISABLED;
    }

    @Produces
    @Singleton
    Hub hub(EventLog log, SseConfig config, ActiveSubscriptions subscriptions, HeapShares heap) {
        return new Hub(log, config, subscriptions.enabled() ? subscriptions : SubscriptionListener.NONE, heap);
    }

    /** Streams are entered only if they can be administered. */
    @Produces
    @Singleton
    Roster roster(Authenticator authenticator) {
        return new Roster(authenticator.administrable(), Clock.systemUTC());
    }

    void close(@Disposes Hub hub) {
        hub.close();
    }
}
