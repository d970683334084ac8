/**
 * Event loop tools: tasks ({@link dev.herald.loop.Loop}), timers ({@link dev.herald.loop.TimingWheel}), and long work
 * in time slices ({@link dev.herald.loop.TimeSlicedQueue}). May know {@code logging} only, and no subscribers.
 *
 * <p>Invariant: a task that fails, also with an {@code Error}, ends no other task and no timer.
 */
package dev.herald.loop;
