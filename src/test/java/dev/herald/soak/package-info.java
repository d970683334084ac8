/**
 * Randomized end-to-end soak test of the packaged hub that can run for hours ({@code ./mvnw -Psoak verify}). Publishers
 * and subscribers of many kinds, some over TLS, use a hub with little memory while it is killed, stopped and restarted.
 *
 * <p>Each attempt to send an update has a unique number ({@link dev.herald.soak.Attempt}), and the update is a function
 * of that number and the seed ({@link dev.herald.soak.Plan}). So the checker keeps only numbers. The run consists of
 * rounds of a minute. At the end of each the publishers pause, all subscribers read to the end, and
 * {@link dev.herald.soak.RoundCheck} compares the sent, stored and received updates.
 *
 * <p>The checker knows when each update was sent and acknowledged, which bounds what the log had and retained at any
 * time ({@link dev.herald.soak.RoundLog}). So it verifies where a stream starts after an id given several times or with
 * the latest events, and how large a reported hole may be. At the end of each round it also reads the history and the
 * newest event of each topic ({@link dev.herald.soak.HistoryCheck}). A run that has not seen one of these fails ({@link
 * dev.herald.soak.Tally}). Start with {@link dev.herald.soak.Soak}.
 */
package dev.herald.soak;
