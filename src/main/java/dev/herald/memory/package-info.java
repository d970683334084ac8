/**
 * Budgets of heap bytes for each kind of input. Every part of the hub that grows with client input first reserves bytes
 * here, and rejects the input when none are left. Knows no other package.
 *
 * <p>Invariants: the limits of all budgets together stay below the heap. A reservation is released by the part that
 * made it. A sole reservation is admitted whatever its size, so a limit that is too small slows the hub down but never
 * stops it.
 *
 * <p>Start with {@link dev.herald.memory.HeapShares}, which divides the heap, then
 * {@link dev.herald.memory.MemoryBudget}.
 */
package dev.herald.memory;
