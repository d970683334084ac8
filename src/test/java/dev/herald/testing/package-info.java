/**
 * Test support for applications: a hub for their tests, in a process of its own. The build packs this package together
 * with the hub's jars as {@code herald-…-testing.jar}, which {@code src/docs/testing.md} describes. It depends on the JDK,
 * and {@link dev.herald.testing.HeraldExtension} on the API of JUnit 5 or 6. Start there.
 *
 * <p>Two processes use it. {@link dev.herald.testing.HubMain} runs in the hub's, all other types in the tests'. They
 * exchange {@link dev.herald.testing.Question}s over the standard streams.
 */
package dev.herald.testing;
