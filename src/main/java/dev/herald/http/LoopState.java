package dev.herald.http;

/**
 * What one event loop knows about its connections.
 *
 * @param waiting those without a request
 * @param frames budgets of clients that speak HTTP/2
 * @param rejected answers requests that are not valid
 */
record LoopState(WaitingConnections waiting, FrameBudget frames, RejectedRequests rejected) {}
