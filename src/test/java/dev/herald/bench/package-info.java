/**
 * Benchmarks of the project, run by {@code ./mvnw -Pbench verify} and never by a normal build. They measure the
 * packaged hub, in its own process on its own core. Each figure has a baseline of the same minute, since a figure alone
 * says more about the machine than about the hub. Results are in {@code target/bench}.
 *
 * <p>Correctness first: every message has a {@link dev.herald.bench.Marker}, each subscriber counts them, and a run
 * that lost, duplicated or reordered one fails. A missed goal fails nothing; it is reported.
 *
 * <p>Start reading at {@link dev.herald.bench.FanOutBench}: a {@link dev.herald.bench.Testbed} of {@link
 * dev.herald.bench.ServerKind}s, and a {@link dev.herald.bench.LoadGenerator} on another core, which runs one {@link
 * dev.herald.bench.LoadPlan} after the other. {@code -Dit.test=FanOutBench} runs one of the benchmarks; {@code
 * -Dbench.scale=quick} only checks that everything works.
 */
package dev.herald.bench;
