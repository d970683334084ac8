/**
 * Tests of the hub's own client for JavaScript, in Chromium and Node.js, and of third-party clients on a hub with keys,
 * through a proxy that is cut repeatedly. These are the browser's {@code EventSource}, okhttp-eventsource for Java,
 * eventsource for Node.js, and a program in Go. Also of third-party intermediaries: reverse proxies, and the inflaters
 * of several languages. Tests of missing programs are skipped with a message; with {@code CI} set they fail.
 *
 * <p>{@link dev.herald.clients.ExampleClientsTest} runs the examples of {@code src/docs/clients.md}, taken from the page.
 *
 * <p>{@link dev.herald.clients.Updates} publishes the updates, which each client must receive completely, once and in
 * order.
 */
package dev.herald.clients;
