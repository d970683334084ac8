package dev.herald;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import dev.herald.log.LogConfig;
import dev.herald.memory.HeapShares;

/** Producer of the heap shares: divides the heap of this process among the kinds of input. */
@ApplicationScoped
class HeapSharesProducer {
    @Produces
    @Singleton
    HeapShares shares(LogConfig log) {
        return HeapShares.of(Runtime.getRuntime().maxMemory(), log.kind() == LogConfig.Kind.MEMORY);
    }
}
