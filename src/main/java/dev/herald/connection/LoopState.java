package dev.herald.connection;

import dev.herald.memory.MemoryBudget;

/**
 * Shared state of all connections of one event loop.
 *
 * @param waiting connections without a request
 * @param frames budgets of HTTP/2 clients
 * @param rejected writer of responses to invalid requests
 * @param requests memory budget of open HTTP/2 requests, shared by all loops
 */
record LoopState(WaitingConnections waiting, FrameBudget frames, RejectedRequests rejected, MemoryBudget requests) {}
