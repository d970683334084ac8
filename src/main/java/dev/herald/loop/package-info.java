/**
 * Tools of an event loop: tasks on it ({@link dev.herald.loop.Loop}), timers ({@link dev.herald.loop.TimingWheel}), and
 * long work in slices ({@link dev.herald.loop.TimeSlicedQueue}). May know {@code logging} only; nothing here knows what a
 * subscriber is.
 *
 * <p>Invariant: a task that fails, with an {@code Error} too, ends no other task and no timer.
 */
package dev.herald.loop;
