/**
 * The project's benchmarks, run by {@code ./mvnw -Pbench verify} and never by a normal build. They measure the packaged
 * hub, a process of its own on a core of its own, and beside each figure a baseline in the same minute, since a figure
 * alone says more about the machine than about the hub. Results are under {@code target/bench}.
 *
 * <p>Wrong results first: every message carries a {@link dev.herald.bench.Marker}, each subscriber counts them, and a run
 * that lost, doubled or reordered one fails. A goal that is missed fails nothing; it is told.
 *
 * <p>Start reading at {@link dev.herald.bench.FanOutBench}: a {@link dev.herald.bench.Field} of {@link
 * dev.herald.bench.Contender}s, and a {@link dev.herald.bench.LoadGenerator}, on another core, which carries out one {@link
 * dev.herald.bench.LoadPlan} after the other. {@code -Dit.test=FanOutBench} runs one of the benchmarks; {@code
 * -Dbench.scale=quick} says little more than that everything works.
 */
package dev.herald.bench;
