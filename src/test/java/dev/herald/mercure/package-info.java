/**
 * The contract of Mercure's surface (PROTOCOL Part 2, and E1–E11 as they apply to it), clause by clause. The classes named
 * {@code …Clauses} speak only HTTP, and each test carries its clause's number. They are held against the hub that Quarkus
 * starts ({@link dev.herald.mercure.MercureTest}), against the packaged one ({@link dev.herald.mercure.MercureIT}), and, by
 * {@link dev.herald.mercure.AnotherHub}, against any hub that has a URL:
 *
 * <pre>./mvnw test -Dtest=AnotherHub -Dhub.url=… -Dhub.publisher.key=… -Dhub.subscriber.key=…</pre>
 *
 * <p>What a clause says about a switch that this hub cannot show stands in the other classes named {@code …Test}.
 */
package dev.herald.mercure;
