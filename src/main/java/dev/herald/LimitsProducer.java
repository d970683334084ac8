package dev.herald;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import com.github.benmanes.caffeine.cache.Ticker;
import io.quarkus.arc.DefaultBean;

import dev.herald.http.PublishConfig;
import dev.herald.limit.Limits;
import dev.herald.limit.LimitsConfig;
import dev.herald.memory.HeapShares;

/** Producer of the limits of clients that the configuration sets. */
@ApplicationScoped
class LimitsProducer {
    /** Longest URL, in bytes (application.properties). */
    private static final long MAX_URL = 64 << 10;

    @Produces
    @Singleton
    Limits limits(LimitsConfig config, PublishConfig publish, HeapShares heap, Ticker ticker) {
        return Limits.of(config, MAX_URL + publish.maxBody().asLongValue(), heap.limitsBytes(), ticker);
    }

    /** Time of the limits; a test replaces it. */
    @Produces
    @Singleton
    @DefaultBean
    Ticker ticker() {
        return Ticker.systemTicker();
    }
}
