/**
 * Herald, a push hub: backends POST updates, browsers and services receive them over Server-Sent Events. This package is
 * the composition root, the one place that knows every log, and the map:
 *
 * <ul>
 *   <li>{@code event}: the words of the domain. No framework.
 *   <li>{@code memory}: how many bytes of the heap each kind of input may occupy. Known by all that keep input.
 *   <li>{@code log}: the ordered log, its port and what all logs share. Knows {@code event}.
 *   <li>{@code log.file}: the log in files of this machine, the default.
 *   <li>{@code hub}: from an accepted event to each open stream. Knows {@code event} and {@code log}, no HTTP.
 *   <li>{@code auth}: what a client may publish and read. Knows {@code event}.
 *   <li>{@code web}: HTTP in and out. Knows all of these, the log only for its exceptions.
 *   <li>{@code ops}: probes. Knows {@code log} and {@code hub}.
 * </ul>
 *
 * <p>Dependencies go one way, and nobody imports the root; {@code ArchitectureTest} holds it. An update's way:
 * {@code web.MessageResource} → {@code hub.Hub} → {@code log.EventLog} → {@code log.RecentEvents} → {@code hub.Lane} →
 * {@code hub.Outlet} → socket.
 */
package dev.herald;
