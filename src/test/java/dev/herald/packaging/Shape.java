package dev.herald.packaging;

import java.net.URI;
import java.util.Map;
import java.util.Set;

/**
 * One kind of requests of which each is allowed and many at once are more than the heap.
 *
 * @param name for messages
 * @param allowed statuses that the answers may have
 * @param sending sends them
 */
record Shape(String name, Set<Integer> allowed, Sending sending) {

    /** Sends many requests to a hub at once. */
    interface Sending {
        /** Returns how often each status came, once all are answered and those that stayed open were closed again. */
        Map<Integer, Integer> to(URI hub) throws Exception;
    }
}
