/**
 * Contract tests of Mercure's surface (PROTOCOL M1–M50, and E1–E11 as they apply to it), clause by clause. The classes
 * named {@code …Clauses} use only HTTP, and each test has its clause's number. They run on the hub that Quarkus starts
 * ({@link dev.herald.mercure.MercureTest}) and, with {@link dev.herald.mercure.AnotherHub}, on any hub with a URL:
 *
 * <pre>./mvnw test -Dtest=AnotherHub -Dhub.url=… -Dhub.publisher.key=… -Dhub.subscriber.key=…</pre>
 *
 * <p>Those that packaging can change also run on the packaged hub: few of them on a JVM
 * ({@link dev.herald.mercure.MercureIT}), all of them on a native binary ({@link dev.herald.mercure.NativeMercureIT}).
 *
 * <p>Clauses marked {@link dev.herald.mercure.Policy} are this hub's policy; the others are the specification's.
 *
 * <p>The other classes named {@code …Test} cover the clauses with other settings.
 */
package dev.herald.mercure;
