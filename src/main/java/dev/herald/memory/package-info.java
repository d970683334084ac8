/**
 * How many bytes of the heap each kind of input may occupy. Every part of the hub that grows with what clients send
 * reserves bytes here before it grows, and rejects the input when none are left. Knows no other package.
 *
 * <p>Invariants: the limits of all budgets together stay below the heap; a reservation is released by the part that made
 * it; what is alone in its budget is admitted whatever its size, so that a limit that is too small slows the hub down but
 * never stops it.
 *
 * <p>Start with {@link dev.herald.memory.HeapShares}, which divides the heap, then
 * {@link dev.herald.memory.MemoryBudget}.
 */
package dev.herald.memory;
