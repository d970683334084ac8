package dev.herald;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import dev.herald.hub.Hub;
import dev.herald.hub.SseConfig;
import dev.herald.log.EventLog;

/** Makes the hub of this node. */
@ApplicationScoped
class HubProducer {

    @Produces
    @Singleton
    Hub hub(EventLog log, SseConfig config) {
        return new Hub(log, config);
    }

    void close(@Disposes Hub hub) {
        hub.close();
    }
}
