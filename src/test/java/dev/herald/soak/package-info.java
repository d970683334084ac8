/**
 * Randomized end-to-end soak test of the packaged hub that can run for hours ({@code ./mvnw -Psoak verify}). Publishers
 * and subscribers of many kinds use a hub with little memory while it is killed, stopped and restarted.
 *
 * <p>Each attempt to send an update has a unique number ({@link dev.herald.soak.Attempt}), and the update is a function
 * of that number and the seed ({@link dev.herald.soak.Plan}). So the checker keeps only numbers. The run consists of
 * rounds of a minute: at the end of each the publishers pause, all subscribers read to the end, and {@link
 * dev.herald.soak.OrderCheck} and {@link dev.herald.soak.DeliveryCheck} compare the sent, stored and received updates.
 * Start with {@link dev.herald.soak.Soak}.
 */
package dev.herald.soak;
