/**
 * Suites of unit tests. Surefire distributes them over several JVMs at once ({@code test.forks}), because many tests
 * wait for clients, timeouts or disks. It takes them in the reverse order of their names: those of a suite that takes long
 * come first, so that the JVMs end at about the same time. Within a suite, Quarkus starts once for each test profile; if
 * Surefire gave single classes to several JVMs, it would start for each class. {@code SuitesTest} verifies that each test,
 * and each profile, belongs to one suite.
 */
package dev.herald.suite;
