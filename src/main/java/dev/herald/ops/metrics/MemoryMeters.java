package dev.herald.ops.metrics;

import java.util.function.DoubleSupplier;

import jakarta.inject.Singleton;

import io.netty.util.internal.PlatformDependent;

import dev.herald.auth.Authenticator;
import dev.herald.identity.Revocations;
import dev.herald.log.EventLog;
import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.stream.SocketBudget;

/** Metrics of every memory budget (invariant 5). */
@Singleton
final class MemoryMeters implements Meters {
    private static final String BUDGET = "budget";

    private final HeapShares heap;
    private final EventLog log;
    private final Authenticator authenticator;
    private final Revocations revocations;
    private final SocketBudget sockets;

    MemoryMeters(
            HeapShares heap, EventLog log, Authenticator authenticator, Revocations revocations, SocketBudget sockets) {
        this.heap = heap;
        this.log = log;
        this.authenticator = authenticator;
        this.revocations = revocations;
        this.sockets = sockets;
    }

    @Override
    public void register(Views views) {
        register(views, "bodies", heap.bodies());
        register(views, "updates", heap.updates());
        register(views, "pages", heap.pages());
        register(views, "expensive-pages", heap.expensivePages());
        register(views, "tokens", heap.tokens());
        register(views, "presence", heap.presence());
        register(views, "documents", heap.documents());
        register(views, "history", heap.history());
        register(views, "requests", heap.requests());
        register(views, "streams", heap.streams());
        register(views, "recent", () -> log.recent().heapBytes(), () -> log.recent()
                .maxBytes());
        register(views, "memory-log", () -> log.stats().kept().heapBytes(), heap::memoryLogBytes);
        register(views, "token-cache", authenticator::cachedTokenBytes, authenticator::maxCachedTokenBytes);
        register(views, "revocations", revocations::heapBytes, revocations::maxHeapBytes);
        register(views, "sockets", sockets::waiting, sockets::limit);
        views.gauge(Metric.DIRECT_USED, PlatformDependent::usedDirectMemory);
        views.gauge(Metric.DIRECT_LIMIT, PlatformDependent::maxDirectMemory);
    }

    private static void register(Views views, String name, MemoryBudget budget) {
        register(views, name, budget::reserved, budget::limit);
        views.counter(Metric.BUDGET_REJECTIONS, budget::rejections, BUDGET, name);
    }

    private static void register(Views views, String name, DoubleSupplier used, DoubleSupplier limit) {
        views.gauge(Metric.BUDGET_USED, used, BUDGET, name);
        views.gauge(Metric.BUDGET_LIMIT, limit, BUDGET, name);
    }
}
