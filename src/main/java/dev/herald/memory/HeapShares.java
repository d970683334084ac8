package dev.herald.memory;

/**
 * Division of the heap into budgets, one for each kind of input that stays in memory. The limits follow from the
 * maximum heap size alone, so a container with other memory needs no other settings. Immutable; the budgets in it
 * belong to the node.
 *
 * <p>The rest is for the hub itself, about 10 MB, for temporary objects of a step, and for the garbage collector to
 * move objects.
 */
public final class HeapShares {
    private static final long OWN_BYTES = 24L << 20;
    private static final int SHARED_PERCENT = 60;
    private static final long SMALLEST_SHARED = 8L << 20;
    private static final int RECENT_PERCENT = 14;
    private static final int RECENT_BESIDE_MEMORY_LOG_PERCENT = 5;
    private static final int MEMORY_LOG_PERCENT = 30;
    private static final int ENVELOPES_PERCENT = 2;
    private static final int BODIES_PERCENT = 12;
    private static final int UPDATES_PERCENT = 20;
    private static final int PAGES_PERCENT = 6;
    private static final int EXPENSIVE_PAGES_PERCENT = 2;
    private static final int TOKENS_PERCENT = 4;
    private static final int PRESENCE_PERCENT = 3;
    private static final int DOCUMENTS_PERCENT = 4;
    private static final int HISTORY_PERCENT = 3;
    private static final int REQUESTS_PERCENT = 4;
    private static final int LIMITS_PERCENT = 2;
    private static final int REVOCATIONS_PERCENT = 1;
    private static final long LARGEST = 256L << 20;

    private final long recentBytes;
    private final long memoryLogBytes;
    private final long envelopeBytes;
    private final long limitsBytes;
    private final long revocationBytes;
    private final MemoryBudget bodies;
    private final MemoryBudget updates;
    private final MemoryBudget pages;
    private final MemoryBudget expensivePages;
    private final MemoryBudget tokens;
    private final MemoryBudget presence;
    private final MemoryBudget documents;
    private final MemoryBudget history;
    private final MemoryBudget requests;
    private final MemoryBudget streams;

    private HeapShares(long shared, boolean memoryLog, boolean limits) {
        recentBytes = percent(shared, memoryLog ? RECENT_BESIDE_MEMORY_LOG_PERCENT : RECENT_PERCENT);
        memoryLogBytes = memoryLog ? percent(shared, MEMORY_LOG_PERCENT) : 0;
        envelopeBytes = bounded(shared, ENVELOPES_PERCENT);
        limitsBytes = limits ? bounded(shared, LIMITS_PERCENT) : 0;
        revocationBytes = bounded(shared, REVOCATIONS_PERCENT);
        bodies = new MemoryBudget(bounded(shared, BODIES_PERCENT));
        updates = new MemoryBudget(bounded(shared, UPDATES_PERCENT));
        pages = new MemoryBudget(bounded(shared, PAGES_PERCENT));
        expensivePages = new MemoryBudget(bounded(shared, EXPENSIVE_PAGES_PERCENT));
        tokens = new MemoryBudget(bounded(shared, TOKENS_PERCENT));
        presence = new MemoryBudget(bounded(shared, PRESENCE_PERCENT));
        documents = new MemoryBudget(bounded(shared, DOCUMENTS_PERCENT));
        history = new MemoryBudget(bounded(shared, HISTORY_PERCENT));
        requests = new MemoryBudget(bounded(shared, REQUESTS_PERCENT));
        streams = new MemoryBudget(shared
                - recentBytes
                - memoryLogBytes
                - envelopeBytes
                - limitsBytes
                - revocationBytes
                - bodies.limit()
                - updates.limit()
                - pages.limit()
                - expensivePages.limit()
                - tokens.limit()
                - presence.limit()
                - documents.limit()
                - history.limit()
                - requests.limit());
    }

    /**
     * Divides a heap of a hub without limits of publishing.
     *
     * @param maxHeap its maximum size, in bytes
     * @param memoryLog whether the log is in the heap, too
     */
    public static HeapShares of(long maxHeap, boolean memoryLog) {
        return of(maxHeap, memoryLog, false);
    }

    /**
     * Divides a heap.
     *
     * @param maxHeap its maximum size, in bytes
     * @param memoryLog whether the log is in the heap, too
     * @param limits whether publishing is limited; without limits, the streams get their share
     */
    public static HeapShares of(long maxHeap, boolean memoryLog, boolean limits) {
        long shared = Math.max(SMALLEST_SHARED, (maxHeap - OWN_BYTES) / 100 * SHARED_PERCENT);
        return new HeapShares(shared, memoryLog, limits);
    }

    private static long percent(long shared, int percent) {
        return shared / 100 * percent;
    }

    private static long bounded(long shared, int percent) {
        return Math.min(percent(shared, percent), LARGEST);
    }

    /** Maximum bytes for the newest events of the log. */
    public long recentBytes() {
        return recentBytes;
    }

    /** Maximum bytes for a memory log; 0 without one. */
    public long memoryLogBytes() {
        return memoryLogBytes;
    }

    /** Maximum bytes for the envelopes encoded last. */
    public long envelopeBytes() {
        return envelopeBytes;
    }

    /** Maximum bytes for what the limits of publishing keep of clients; 0 without limits. */
    public long limitsBytes() {
        return limitsBytes;
    }

    /** Maximum bytes for the revocations in force. */
    public long revocationBytes() {
        return revocationBytes;
    }

    /** Request bodies in transfer, and the heads of their requests. */
    public MemoryBudget bodies() {
        return bodies;
    }

    /** Updates that are being read, waiting for the log, or being stored. */
    public MemoryBudget updates() {
        return updates;
    }

    /** Pages of the log between the store and the sockets. */
    public MemoryBudget pages() {
        return pages;
    }

    /** Pages of streams with expensive selectors, separate so that they take nothing from the others. */
    public MemoryBudget expensivePages() {
        return expensivePages;
    }

    /** Tokens that wait for verification, and cached valid tokens. */
    public MemoryBudget tokens() {
        return tokens;
    }

    /** Changes of subscriptions that wait for publishing. */
    public MemoryBudget presence() {
        return presence;
    }

    /** Documents of the subscription API and ids of published updates, from creation until the sockets. */
    public MemoryBudget documents() {
        return documents;
    }

    /** Answers with past events. Separate, since clients that read long ones slowly occupy it for long. */
    public MemoryBudget history() {
        return history;
    }

    /** Requests over HTTP/2, until their answers have ended; event streams reserve elsewhere. */
    public MemoryBudget requests() {
        return requests;
    }

    /** Open streams: their selectors, grants and requests. */
    public MemoryBudget streams() {
        return streams;
    }
}
