package dev.herald.connection;

import dev.herald.memory.MemoryBudget;

/**
 * What one event loop knows about its connections.
 *
 * @param waiting those without a request
 * @param frames budgets of clients that speak HTTP/2
 * @param rejected answers requests that are not valid
 * @param requests memory of the requests over HTTP/2 that are open, on all loops
 */
record LoopState(WaitingConnections waiting, FrameBudget frames, RejectedRequests rejected, MemoryBudget requests) {}
