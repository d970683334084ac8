/**
 * Contract tests of Mercure's surface (PROTOCOL Part 2, and E1–E11 as they apply to it), clause by clause. The classes
 * named {@code …Clauses} use only HTTP, and each test has its clause's number. They run on the hub that Quarkus starts
 * ({@link dev.herald.mercure.MercureTest}), on the packaged one ({@link dev.herald.mercure.MercureIT}), and, with
 * {@link dev.herald.mercure.AnotherHub}, on any hub with a URL:
 *
 * <pre>./mvnw test -Dtest=AnotherHub -Dhub.url=… -Dhub.publisher.key=… -Dhub.subscriber.key=…</pre>
 *
 * <p>Clauses marked {@link dev.herald.mercure.Policy} are this hub's policy; the others are the specification's.
 *
 * <p>The other classes named {@code …Test} cover the clauses with other settings.
 */
package dev.herald.mercure;
