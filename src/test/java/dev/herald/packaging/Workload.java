package dev.herald.packaging;

import java.net.URI;
import java.util.Map;
import java.util.Set;

/**
 * Kind of requests of which each is allowed, but many concurrent ones exceed the heap.
 *
 * @param name for messages
 * @param allowed valid statuses of the responses
 * @param sending sends them
 */
record Workload(String name, Set<Integer> allowed, Sending sending) {

    /** Sends many concurrent requests to a hub. */
    interface Sending {
        /** Returns the count of each status, after all responses arrived and open ones were closed. */
        Map<Integer, Integer> to(URI hub) throws Exception;
    }
}
