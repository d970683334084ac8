package dev.herald;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import dev.herald.limit.LimitsConfig;
import dev.herald.limit.PublishLimits;
import dev.herald.log.LogConfig;
import dev.herald.memory.HeapShares;

/** Producer of the heap shares: divides the heap of this process among the kinds of input. */
@ApplicationScoped
class HeapSharesProducer {
    @Produces
    @Singleton
    HeapShares shares(LogConfig log, LimitsConfig limits) {
        return HeapShares.of(
                Runtime.getRuntime().maxMemory(),
                log.kind() == LogConfig.Kind.MEMORY,
                PublishLimits.configured(limits));
    }
}
