/**
 * Clients that others wrote, each against a hub with keys, over a wire that is cut time and again: the browser's own {@code
 * EventSource}, okhttp-eventsource for Java, eventsource for Node.js, and a program in Go. Besides, what others wrote that
 * stands in between: reverse proxies, and the inflaters of several languages. What is not installed on this machine is
 * skipped, loudly; where {@code CI} is set that is a failure.
 *
 * <p>{@link dev.herald.clients.Updates} is what is published, and what each of them must receive: all of it, once, in order.
 */
package dev.herald.clients;
