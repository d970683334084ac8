/**
 * A random end-to-end check of the packaged hub that can run for hours ({@code ./mvnw -Psoak verify}). Publishers and
 * subscribers of many kinds talk to a hub with little memory while it is killed, stopped and started again.
 *
 * <p>Each sending of an update has a number of its own ({@link dev.herald.soak.Attempt}), and everything else about the
 * update follows from that number and the seed ({@link dev.herald.soak.Plan}). So the checker keeps only numbers. The run
 * consists of rounds of a minute: at the end of each the publishers pause, all subscribers read to the end, and
 * {@link dev.herald.soak.OrderCheck} and {@link dev.herald.soak.DeliveryCheck} compare what was sent, what the log holds and
 * what was received. Start with {@link dev.herald.soak.Soak}.
 */
package dev.herald.soak;
