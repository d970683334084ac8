/**
 * The project's benchmark, run by {@code ./mvnw -Pbench verify} and never by a normal build. It measures the packaged hub,
 * a process of its own on a core of its own, and beside each figure a baseline in the same minute, since a figure alone
 * says more about the machine than about the hub. Results are under {@code target/bench}.
 *
 * <p>Wrong results first: every message carries a {@link dev.herald.bench.Marker}, and a run that lost, doubled or
 * reordered one fails. A goal that is missed fails nothing; it is told.
 *
 * <p>Start reading at {@link dev.herald.bench.LogBench}. {@code -Dbench.scale=quick} takes two minutes and says little
 * more than that everything works; {@code -Dit.test=LogBench} runs one of them.
 */
package dev.herald.bench;
